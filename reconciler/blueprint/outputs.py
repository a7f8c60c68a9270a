"""The outputs of a live platform: its URL, addresses and names in AWS."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import quote

from desired_state.doors import choose_balancer
from desired_state.hosts import list_hosts
from desired_state.load_balancer import NETWORK
from desired_state.names import JOB, Names
from desired_state.platform import Platform
from reconciler.blueprint.existing import Existing
from reconciler.blueprint.existing.load_balancer import where_existing
from reconciler.blueprint.existing.namespace import find_domain
from reconciler.blueprint.origin import find_name, find_named_origin, find_origin
from reconciler.model.references import Address
from reconciler.model.spec import Spec
from reconciler.model.steps import Outputs

KINDS_READ = (  # the kinds whose live resources the outputs are made of
    "load_balancer",
    "ecr_repository",
    "ecs_cluster",
    "cloud_map_namespace",
    "cloud_map_service",
    "ecs_service",
    "log_group",
    "dashboard",
    "elastic_ip",
    "vpc",
    "subnet",
)
OF_NAMES = ("dns_record",)  # the same, of hosts in a zone
OF_THE_JOB = ("sqs_queue",)  # the same, of the job of `drift_correction`
CONSOLE_HOSTS = {  # by partition; those of the others are not public
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}

Ids = Mapping[Address, Outputs]  # of live resources


def kinds_read(platform: Platform) -> tuple[str, ...]:
    """Return the kinds whose live resources the outputs of a platform are made of."""
    further = (OF_NAMES if platform.dns else ()) + (OF_THE_JOB if platform.drift_correction else ())
    return KINDS_READ + further


def outputs(
    platform: Platform,
    partition: str,
    desired: Mapping[Address, Spec],
    ids: Ids,
    services: Collection[str] | None = None,
    existing: Existing | None = None,
) -> dict[str, str]:
    """Return the outputs by name, the URL first, without those of resources that do not exist.

    Of services and of the job, those of `services`, or of all if it is None. `existing` has the ids of what
    exists already, if they were read.
    """
    jobs = (JOB,) if platform.drift_correction else ()
    told = [name for name in (*platform.services, *jobs) if services is None or name in services]
    return dict(_outputs(platform, partition, desired.keys() & ids.keys(), ids, told, existing))


def _outputs(
    platform: Platform,
    partition: str,
    live: set[Address],
    ids: Ids,
    services: Iterable[str],
    existing: Existing | None,
) -> Iterator[tuple[str, str]]:
    names = platform.names
    yield from _balancer_outputs(platform, live, ids, existing)
    if platform.cluster.existing or Address("ecs_cluster", names.cluster) in live:
        yield "ClusterName", platform.cluster_name
    domain = find_domain(platform, existing)
    if domain and (platform.discovery.existing or Address("cloud_map_namespace", domain) in live):
        yield "NamespaceName", domain
    yield from _network_outputs(platform, live, ids)
    addresses = dict(_list_addresses(platform, live, existing))
    for service in services:
        if service in addresses:
            yield f"Address.{service}", addresses[service]
        if service in platform.services:
            yield from _service_outputs(platform, service, live, domain)
        yield from _image_and_logs(names, service, live, ids)
        if service == JOB:
            yield from _queues(names, live, ids)
    if Address("dashboard", names.dashboard) in live:
        yield "Dashboard", _dashboard_address(platform, partition)


def _balancer_outputs(
    platform: Platform, live: set[Address], ids: Ids, existing: Existing | None
) -> Iterator[tuple[str, str]]:
    """Yield the URL and the DNS name of each load balancer; those of the main one also without its key."""
    balancers = platform.balancers
    main = choose_balancer(balancers)
    for key in sorted(balancers, key=lambda key: key != main):
        balancer = Address("load_balancer", platform.names.load_balancer(key))
        known = ids[balancer] if balancer in live else (existing or {}).get(where_existing(key), {})
        if dns := known.get("dns"):
            is_network = balancers[key].type == NETWORK
            host = None if is_network else find_name(platform, key)
            is_named = host is not None and Address("dns_record", host.name) in live
            by_name = find_named_origin(platform, existing, host) if host and is_named else ""
            url = "" if is_network else f"{by_name or find_origin(platform, key, existing, dns)}/"
            for of in dict.fromkeys((*([""] if key == main else []), f".{key}" if key else "")):
                if url:
                    yield f"URL{of}", url
                yield f"LoadBalancerDNS{of}", dns
            yield from _addresses(platform, key, dns) if is_network else ()


def _addresses(platform: Platform, key: str, dns: str) -> Iterator[tuple[str, str]]:
    """Yield the address of each listener of a network load balancer, such as tcp://NAME:5432."""
    for door, listener in platform.doors.items():
        if door.balancer == key:
            protocol = listener.protocol.lower().replace("_", "+")
            of = f"{key}.{door.listener}" if key else door.listener
            yield f"Address.{of}", f"{protocol}://{dns}:{listener.port}"


def _list_addresses(
    platform: Platform, live: set[Address], existing: Existing | None
) -> Iterator[tuple[str, str]]:
    """Yield the address of each service that has a record: of its first host, with the path if any."""
    told = set[str]()
    for host in list_hosts(platform) if platform.dns else ():
        is_one = host.service not in told and not host.name.startswith("*")
        if is_one and Address("dns_record", host.name) in live:
            told.add(host.service)
            paths = platform.services[host.service].routes[host.route].paths or ("/",)
            path = paths[0].partition("*")[0].partition("?")[0] or "/"
            yield host.service, find_named_origin(platform, existing, host) + path


def _network_outputs(platform: Platform, live: set[Address], ids: Ids) -> Iterator[tuple[str, str]]:
    """Yield the ids of the stack's own network, which others may name, and its NAT gateways' addresses."""
    if (vpc := Address("vpc", platform.names("vpc"))) in live:
        yield "VpcId", ids[vpc]["id"]
    for tier in platform.network.subnets:
        subnets = sorted(a for a in live if a.kind == "subnet" and a.name.startswith(f"subnet-{tier}-"))
        if subnets:
            yield f"{tier.capitalize()}Subnets", ",".join(ids[subnet]["id"] for subnet in subnets)
    for address in sorted(a for a in live if a.kind == "elastic_ip"):
        yield f"PublicAddress.{address.name}", ids[address]["public_ip"]


def _dashboard_address(platform: Platform, partition: str) -> str:
    """Return the dashboard's address in the console, or its name where the console's address is not public."""
    name, host = platform.names.dashboard, CONSOLE_HOSTS.get(partition)
    home = f"https://{platform.region}.{host}/cloudwatch/home?region={platform.region}"
    return f"{home}#dashboards/dashboard/{quote(name)}" if host else name


def _service_outputs(
    platform: Platform, service: str, live: set[Address], domain: str | None
) -> Iterator[tuple[str, str]]:
    names = platform.names
    ecs = names.service(service)
    if Address("ecs_service", ecs) in live:
        yield f"ServiceName.{service}", ecs
    if Address("cloud_map_service", service) in live and domain:
        for name, port in platform.services[service].listens.items():
            of_port = f".{name}" if name else ""
            yield f"DiscoveryName.{service}{of_port}", f"{service}.{domain}:{port.port}"


def _image_and_logs(names: Names, service: str, live: set[Address], ids: Ids) -> Iterator[tuple[str, str]]:
    repository = Address("ecr_repository", names.repository(service))
    if repository in live:
        yield f"RepositoryUri.{service}", ids[repository]["uri"]
    for stream in (service, f"xray-{service}"):
        group = names.log_group(stream)
        if Address("log_group", group) in live:
            yield f"LogGroup.{stream}", group


def _queues(names: Names, live: set[Address], ids: Ids) -> Iterator[tuple[str, str]]:
    """Yield the URLs of the job's queues: of starts that failed, and of events for a watch."""
    queues = {"DeadLetters": names.dead_letters, "EventsQueue": names.drift_events}
    for output, name in queues.items():
        if (queue := Address("sqs_queue", name)) in live:
            yield output, ids[queue]["id"]
