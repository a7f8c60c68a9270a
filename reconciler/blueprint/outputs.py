"""What people need to know of a platform that stands: addresses and names, under names of their own."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from desired_state.platform import Platform
from reconciler.model.references import Address
from reconciler.model.spec import Spec
from reconciler.model.steps import Outputs

KINDS_READ = (  # the kinds that are told of
    "load_balancer",
    "ecr_repository",
    "ecs_cluster",
    "cloud_map_namespace",
    "cloud_map_service",
    "ecs_service",
    "log_group",
    "dashboard",
)
CONSOLES = {"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn"}
GOV_CONSOLE = "console.amazonaws-us-gov.com"

Ids = Mapping[Address, Outputs]


def outputs(platform: Platform, partition: str, wanted: Mapping[Address, Spec], ids: Ids) -> dict[str, str]:
    """One flat mapping, the URL first. What does not live yet is left out; empty: nothing lives."""
    return dict(_outputs(platform, partition, wanted.keys() & ids.keys(), ids))


def _outputs(platform: Platform, partition: str, living: set[Address], ids: Ids) -> Iterator[tuple[str, str]]:
    names = platform.names
    balancer = Address("load_balancer", names.load_balancer)
    if balancer in living:
        dns = ids[balancer]["dns"]
        yield "URL", f"{_origin(platform, dns)}/"
        yield "LoadBalancerDNS", dns
    if Address("ecs_cluster", names.cluster) in living:
        yield "ClusterName", names.cluster
    domain = platform.discovery.namespace
    if Address("cloud_map_namespace", domain) in living:
        yield "NamespaceName", domain
    for service in platform.services:
        yield from _of_service(platform, service, living, ids)
    if Address("dashboard", names.dashboard) in living:
        host = CONSOLES.get(partition, GOV_CONSOLE)
        where = f"https://{platform.region}.{host}/cloudwatch/home?region={platform.region}"
        yield "Dashboard", f"{where}#dashboards/dashboard/{quote(names.dashboard)}"


def _of_service(platform: Platform, service: str, living: set[Address], ids: Ids) -> Iterator[tuple[str, str]]:
    names = platform.names
    ecs = names.service(service)
    if Address("ecs_service", ecs) in living:
        yield f"ServiceName.{service}", ecs
    if Address("cloud_map_service", service) in living:
        port = platform.services[service].port
        yield f"DiscoveryName.{service}", f"{service}.{platform.discovery.namespace}:{port}"
    repository = Address("ecr_repository", names.repository(service))
    if repository in living:
        yield f"RepositoryUri.{service}", ids[repository]["uri"]
    for stream in (service, f"xray-{service}"):
        group = names.log_group(stream)
        if Address("log_group", group) in living:
            yield f"LogGroup.{stream}", group


def _origin(platform: Platform, dns: str) -> str:
    """Of the first listener, which routes go to unless they name another."""
    listener = next(iter(platform.load_balancer.listeners.values()))
    scheme, usual = listener.protocol.lower(), {"HTTP": 80, "HTTPS": 443}[listener.protocol]
    return f"{scheme}://{dns}" + (f":{listener.port}" if listener.port != usual else "")
