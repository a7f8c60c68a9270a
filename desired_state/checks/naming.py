from collections.abc import Iterator

from desired_state.checks.chosen_names import check_chosen_names
from desired_state.checks.violation import Violation
from desired_state.names import FLOW_LOGS, JOB, XRAY_CONTAINER, Names
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_MAX_DNS_NAME, _MAX_DNS_LABEL = 253, 63
_MAX_TAG = 256  # characters of a tag's value
_NAME_PARTS: tuple[KeyPath, ...] = (("platform",), ("environment",), ("region",), ("suffix",))
Limit = tuple[str, str, int]  # resource, its name, maximum length in AWS


def check_names(platform: Platform) -> Iterator[Violation]:
    """Check that the names derived from the platform's are short enough for AWS, and unique."""
    named, namespace = platform.names, platform.discovery.namespace
    worst = _find_longest(
        [*_list_platform_names(platform), ("tag ecs-reconciler:stack", platform.stack, _MAX_TAG)]
    )
    balancer = platform.load_balancer
    if worst and worst[0] == "load balancer" and balancer and balancer.name:
        yield Violation(("load_balancer", "name"), _explain_too_long(worst, "it"), depends_on=_NAME_PARTS)
    elif worst and (key := worst[0].replace(" ", "_")) in platform.name_patterns.model_fields_set:
        yield Violation(("names", key), _explain_too_long(worst, "it"), depends_on=_NAME_PARTS)
    elif worst:
        part = _find_longest_part(platform)
        yield Violation((part,), _explain_too_long(worst, f"the {part}"), depends_on=_NAME_PARTS)
    elif len(namespace) > _MAX_DNS_NAME or any(len(label) > _MAX_DNS_LABEL for label in namespace.split(".")):
        message = f"a DNS name has at most {_MAX_DNS_NAME} characters, and {_MAX_DNS_LABEL} between two dots"
        yield Violation(("discovery", "namespace"), message, depends_on=_NAME_PARTS)
    for service in platform.services:
        if not worst and (limit := _find_longest(_list_service_names(service, named, namespace))):
            message = _explain_too_long(limit, "the service's name or the suffix")
            yield Violation(("services", service), message, depends_on=_NAME_PARTS, about_name=True)
    yield from _check_listener_names(platform)
    yield from _check_clashes(platform)
    yield from check_chosen_names(platform)


def _check_listener_names(platform: Platform) -> Iterator[Violation]:
    """Check the names of listeners and rules, which AWS has as tags only."""
    named = platform.names
    for listener in platform.listeners:
        rules = [
            named.rule(listener, name, number)
            for name, service in platform.services.items()
            for number, route in enumerate(service.routes, 1)
            if platform.listener_of(route) == listener
        ]
        longest = max([named.listener(listener), *rules], key=len)
        if limit := _find_longest([("tag ecs-reconciler:name", longest, _MAX_TAG)]):
            where = ("load_balancer", "listeners", listener)
            yield Violation(
                where, _explain_too_long(limit, "the listener's name"), _NAME_PARTS, about_name=True
            )


def _find_longest_part(platform: Platform) -> str:
    """Return the key to shorten: the part that makes up most of the suffix, or the suffix itself.

    The suffix need not hold the platform's name, of which the tag with the stack consists for the most part.
    """
    if len(platform.stack) > _MAX_TAG:
        return max(("platform", "environment"), key=lambda part: len(getattr(platform, part)))
    parts = {"platform": platform.platform, "environment": platform.environment}
    longest = max(parts, key=lambda part: len(parts[part]))
    return (
        longest
        if 2 * len(parts[longest]) > len(platform.suffix) and parts[longest] in platform.suffix
        else "suffix"
    )


def _list_platform_names(platform: Platform) -> list[Limit]:
    named = platform.names
    return [
        *([("load balancer", named.load_balancer, 32)] if platform.load_balancer else []),
        ("execution role", named.execution_role, 64),
        ("cluster", named.cluster, 255),
        ("dashboard", named.dashboard, 255),
        *([("flow logs' role", named.flow_logs_role, 64)] if platform.network.flow_logs else []),
        *(_list_job_names(named) if platform.drift_correction else []),
    ]


def _list_job_names(named: Names) -> list[Limit]:
    return [
        ("schedule's role", named.schedule_role, 64),
        ("schedule group", named.schedule_group, 64),
        ("queue of dead letters", named.dead_letters, 80),
        ("rule of events", named.drift_events, 64),
    ]


def _list_service_names(service: str, named: Names, namespace: str) -> list[Limit]:
    return [
        ("Cloud Map service", service, _MAX_DNS_LABEL),
        ("task role", named.task_role(service), 64),
        ("discovery name", f"{service}.{namespace}", _MAX_DNS_NAME),
        ("task definition family", named.family(service), 255),
        ("ECS service", named.service(service), 255),
        ("repository", named.repository(service), 256),
        ("log group", named.log_group(f"xray-{service}"), 512),
    ]


def _find_longest(limits: list[Limit]) -> Limit | None:
    limit = max(limits, key=lambda limit: len(limit[1]) - limit[2])
    return limit if len(limit[1]) > limit[2] else None


def _explain_too_long(limit: Limit, remedy: str) -> str:
    what, name, most = limit
    return (
        f"the {what} would be {name}, {len(name)} characters of {most}: shorten {remedy} by {len(name) - most}"
    )


def _check_clashes(platform: Platform) -> Iterator[Violation]:
    named = platform.names
    taken = {named.log_group(name): f"the log group of {name}" for name in platform.services}
    groups: dict[str, str] = {}
    for name, service in platform.services.items():
        where = ("services", name)
        for port in service.routed_ports:
            group = named.target_group(name, "" if port == service.default_port else port)
            if groups.setdefault(group, name) != name:
                message = (
                    f"its target group would be {group}, which is that of {groups[group]}; choose another name"
                )
                yield Violation(where, message, about_name=True)
        if name == JOB and platform.drift_correction:
            message = f"{name} is the name of the job of `drift_correction`; choose another"
            yield Violation(where, message, about_name=True)
        if name == FLOW_LOGS and platform.network.flow_logs:
            message = f"its log group would be {named.flow_logs}, which is that of the VPC's flow logs"
            yield Violation(where, message, depends_on=(("network", "flow_logs"),), about_name=True)
        if (role := named.task_role(name)) == named.execution_role:
            message = f"its task role would be {role}, which is the execution role; choose another name"
            yield Violation(where, message, about_name=True)
        if not service.tracing.xray:
            continue
        if (group := named.log_group(f"xray-{name}")) in taken:
            yield Violation(where, f"its X-Ray log group would be {group}, which is {taken[group]}")
        if name == XRAY_CONTAINER:
            yield Violation(where, f"{name} is the name of the X-Ray daemon's container; choose another")
