from collections.abc import Iterator

from desired_state.checks.complaint import Complaint
from desired_state.names import XRAY_CONTAINER, Names
from desired_state.platform import Platform
from desired_state.tree import Where

_DNS_NAME, _DNS_LABEL = 253, 63
_PARTS: tuple[Where, ...] = (("platform",), ("environment",), ("region",), ("suffix",))
Limit = tuple[str, str, int]  # what it is, its name, characters that AWS allows


def names(platform: Platform) -> Iterator[Complaint]:
    """Every name that is derived from the platform's own is one that AWS takes, and is there once."""
    named, namespace = platform.names, platform.discovery.namespace
    worst = _worst(_of_platform(named))
    if worst:
        part = _longest_part(platform)
        yield Complaint((part,), _too_long(worst, f"the {part}"), rests_on=_PARTS)
    elif len(namespace) > _DNS_NAME or any(len(label) > _DNS_LABEL for label in namespace.split(".")):
        message = f"a DNS name has at most {_DNS_NAME} characters, and {_DNS_LABEL} between two dots"
        yield Complaint(("discovery", "namespace"), message, rests_on=_PARTS)
    for service in platform.services:
        if not worst and (limit := _worst(_of_service(service, named, namespace))):
            message = _too_long(limit, "the service's name or the suffix")
            yield Complaint(("services", service), message, rests_on=_PARTS, about_name=True)
    yield from _clashes(platform)


def _longest_part(platform: Platform) -> str:
    """What the suffix mostly consists of: what it was put together from, or itself."""
    parts = {"platform": platform.platform, "environment": platform.environment}
    longest = max(parts, key=lambda part: len(parts[part]))
    return (
        longest
        if 2 * len(parts[longest]) > len(platform.suffix) and parts[longest] in platform.suffix
        else "suffix"
    )


def _of_platform(named: Names) -> list[Limit]:
    return [
        ("load balancer", named.load_balancer, 32),
        ("execution role", named.execution_role, 64),
        ("cluster", named.cluster, 255),
        ("dashboard", named.dashboard, 255),
    ]


def _of_service(service: str, named: Names, namespace: str) -> list[Limit]:
    return [
        ("Cloud Map service", service, _DNS_LABEL),
        ("task role", named.task_role(service), 64),
        ("discovery name", f"{service}.{namespace}", _DNS_NAME),
        ("task definition family", named.family(service), 255),
        ("ECS service", named.service(service), 255),
        ("repository", named.repository(service), 256),
        ("log group", named.log_group(f"xray-{service}"), 512),
    ]


def _worst(limits: list[Limit]) -> Limit | None:
    limit = max(limits, key=lambda limit: len(limit[1]) - limit[2])
    return limit if len(limit[1]) > limit[2] else None


def _too_long(limit: Limit, remedy: str) -> str:
    what, name, most = limit
    return (
        f"the {what} would be {name}, {len(name)} characters of {most}: shorten {remedy} by {len(name) - most}"
    )


def _clashes(platform: Platform) -> Iterator[Complaint]:
    named = platform.names
    taken = {named.execution_role: "the execution role"}
    taken |= {named.log_group(name): f"the log group of {name}" for name in platform.services}
    for name, service in platform.services.items():
        where = ("services", name)
        if (role := named.task_role(name)) in taken:
            message = f"its task role would be {role}, which is {taken[role]}; choose another name"
            yield Complaint(where, message, about_name=True)
        if not service.tracing.xray:
            continue
        if (group := named.log_group(f"xray-{name}")) in taken:
            yield Complaint(where, f"its X-Ray log group would be {group}, which is {taken[group]}")
        if name == XRAY_CONTAINER:
            yield Complaint(where, f"{name} is the name of the X-Ray daemon's container; choose another")
