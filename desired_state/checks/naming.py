from collections.abc import Iterator

from desired_state.checks.chosen_names import check_chosen_names
from desired_state.checks.door_names import check_balancer_names, check_listener_names
from desired_state.checks.name_limits import (
    MAX_BALANCER,
    MAX_TAG,
    NAME_PARTS,
    Limit,
    explain_too_long,
    find_longest,
)
from desired_state.checks.violation import Violation
from desired_state.groups import Group, list_groups
from desired_state.names import FLOW_LOGS, JOB, XRAY_CONTAINER, Names
from desired_state.platform import Platform

_MAX_DNS_NAME, _MAX_DNS_LABEL = 253, 63


def check_names(platform: Platform) -> Iterator[Violation]:
    """Check that the names derived from the platform's are short enough for AWS, and unique."""
    named, namespace = platform.names, platform.discovery.namespace
    worst = find_longest(
        [*_list_platform_names(platform), ("tag ecs-reconciler:stack", platform.stack, MAX_TAG)]
    )
    balancer = platform.load_balancer
    if worst and worst[0] == "load balancer" and balancer and balancer.name:
        yield Violation(("load_balancer", "name"), explain_too_long(worst, "it"), depends_on=NAME_PARTS)
    elif worst and (key := worst[0].replace(" ", "_")) in platform.name_patterns.model_fields_set:
        yield Violation(("names", key), explain_too_long(worst, "it"), depends_on=NAME_PARTS)
    elif worst:
        part = _find_longest_part(platform)
        yield Violation((part,), explain_too_long(worst, f"the {part}"), depends_on=NAME_PARTS)
    elif len(namespace) > _MAX_DNS_NAME or any(len(label) > _MAX_DNS_LABEL for label in namespace.split(".")):
        message = f"a DNS name has at most {_MAX_DNS_NAME} characters, and {_MAX_DNS_LABEL} between two dots"
        yield Violation(("discovery", "namespace"), message, depends_on=NAME_PARTS)
    for service in platform.services:
        if not worst and (limit := find_longest(_list_service_names(service, named, namespace))):
            message = explain_too_long(limit, "the service's name or the suffix")
            yield Violation(("services", service), message, depends_on=NAME_PARTS, about_name=True)
    if not worst:
        yield from check_balancer_names(platform)
    yield from check_listener_names(platform)
    yield from _check_clashes(platform)
    yield from check_chosen_names(platform)


def _find_longest_part(platform: Platform) -> str:
    """Return the key to shorten: the part that makes up most of the suffix, or the suffix itself.

    The suffix need not hold the platform's name, of which the tag with the stack consists for the most part.
    """
    if len(platform.stack) > MAX_TAG:
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
        *([("load balancer", named.load_balancer(), MAX_BALANCER)] if platform.load_balancer else []),
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


def _check_clashes(platform: Platform) -> Iterator[Violation]:
    named = platform.names
    taken = {named.log_group(name): f"the log group of {name}" for name in platform.services}
    groups: dict[str, Group] = {}
    for name, service in platform.services.items():
        where = ("services", name)
        for one in list_groups(platform, name):
            group = one.name_in(named)
            if (first := groups.setdefault(group, one)) != one:
                other = first.service if first.service != name else "another of its ports or load balancers"
                message = f"its target group would be {group}, which is that of {other}; choose another name"
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
