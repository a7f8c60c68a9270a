"""The outputs of a live platform: its URL, addresses and names in AWS."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import quote

from desired_state.load_balancer import LoadBalancer
from desired_state.names import JOB, Names
from desired_state.platform import Platform
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
)
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
    return KINDS_READ + (OF_THE_JOB if platform.drift_correction else ())


def outputs(
    platform: Platform,
    partition: str,
    desired: Mapping[Address, Spec],
    ids: Ids,
    services: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the outputs by name, the URL first, without those of resources that do not exist.

    Of services and of the job, those of `services`, or of all if it is None.
    """
    jobs = (JOB,) if platform.drift_correction else ()
    told = [name for name in (*platform.services, *jobs) if services is None or name in services]
    return dict(_outputs(platform, partition, desired.keys() & ids.keys(), ids, told))


def _outputs(
    platform: Platform, partition: str, live: set[Address], ids: Ids, services: Iterable[str]
) -> Iterator[tuple[str, str]]:
    names = platform.names
    balancer = Address("load_balancer", names.load_balancer)
    if platform.load_balancer and balancer in live:
        dns = ids[balancer]["dns"]
        yield "URL", f"{_origin(platform, platform.load_balancer, dns)}/"
        yield "LoadBalancerDNS", dns
    if platform.cluster.existing or Address("ecs_cluster", names.cluster) in live:
        yield "ClusterName", platform.cluster_name
    domain = platform.discovery.namespace
    if Address("cloud_map_namespace", domain) in live:
        yield "NamespaceName", domain
    for address in sorted(a for a in live if a.kind == "elastic_ip"):
        yield f"PublicAddress.{address.name}", ids[address]["public_ip"]
    for service in services:
        if service in platform.services:
            yield from _service_outputs(platform, service, live)
        yield from _image_and_logs(names, service, live, ids)
        if service == JOB:
            yield from _queues(names, live, ids)
    if Address("dashboard", names.dashboard) in live:
        yield "Dashboard", _dashboard_address(platform, partition)


def _dashboard_address(platform: Platform, partition: str) -> str:
    """Return the dashboard's address in the console, or its name where the console's address is not public."""
    name, host = platform.names.dashboard, CONSOLE_HOSTS.get(partition)
    home = f"https://{platform.region}.{host}/cloudwatch/home?region={platform.region}"
    return f"{home}#dashboards/dashboard/{quote(name)}" if host else name


def _service_outputs(platform: Platform, service: str, live: set[Address]) -> Iterator[tuple[str, str]]:
    names = platform.names
    ecs = names.service(service)
    if Address("ecs_service", ecs) in live:
        yield f"ServiceName.{service}", ecs
    if Address("cloud_map_service", service) in live:
        port = platform.services[service].port
        yield f"DiscoveryName.{service}", f"{service}.{platform.discovery.namespace}:{port}"


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


def _origin(platform: Platform, balancer: LoadBalancer, dns: str) -> str:
    """Return scheme, host and port of a listener that answers: with HTTPS and routes, if there is one."""
    routed = {platform.listener_of(route) for s in platform.services.values() for route in s.routes}
    listener = max(
        balancer.listeners.items(),
        key=lambda item: (item[0] in routed, not item[1].redirect, item[1].protocol == "HTTPS"),
    )[1]
    scheme, default_port = listener.protocol.lower(), {"HTTP": 80, "HTTPS": 443}[listener.protocol]
    return f"{scheme}://{dns}" + (f":{listener.port}" if listener.port != default_port else "")
