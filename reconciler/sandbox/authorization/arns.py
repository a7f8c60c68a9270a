"""The resources that a call is for, as ARNs made from its parameters."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import jmespath
from moto.applicationautoscaling import applicationautoscaling_backends
from moto.ecs import ecs_backends
from moto.iam import iam_backends
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.authorization.call import Call, listed
from reconciler.sandbox.authorization.ec2_arns import find_ec2_arns
from reconciler.sandbox.authorization.resource_types import RESOURCE_TYPES
from reconciler.sandbox.authorization.rows import Row

_KINDS_OF_BALANCERS = {"application": "app", "network": "net", "gateway": "gwy"}
_OF_TARGETS = ("ScalableTarget", "ScalingPolicy", "ScheduledAction")  # none of the describes, in the plural
_OF_SERVICES = (":service-deployment/", ":service-revision/")


def find_arns(call: Call) -> tuple[str, ...]:
    """Return the ARN of each resource that the call is for, which may end with `*`; `*` if of none."""
    if call.service == "ec2":
        found = find_ec2_arns(call)
    elif call.service == "application-autoscaling" and call.operation.endswith(_OF_TARGETS):
        found = _scalable_target(call)
    elif call.action == "servicediscovery:GetOperation":
        found = _targets_of_operation(call)
    else:
        found = [arn for row in rows_of(call) for arn in _of_row(call, row)]
    return tuple(dict.fromkeys(found)) or ("*",)


@cache
def _rows(service: str, operation: str) -> tuple[Row, ...]:
    return tuple(row for row in RESOURCE_TYPES.get(service, ()) if operation in row.actions.split())


def rows_of(call: Call) -> tuple[Row, ...]:
    """Return the types of resources that the call's action is for."""
    return _rows(call.service, call.operation)


def _of_row(call: Call, row: Row) -> Iterator[str]:
    values = [value for name in row.names for value in listed(jmespath.search(name, call.sent)) if value]
    for value in values or [row.otherwise]:
        if str(value).startswith("arn:"):
            yield from _of_arn(call, value)
        elif row.arn:
            region, account = call.region if row.has_region else "", call.account if row.has_account else ""
            yield f"arn:{call.partition}:{call.service}:{region}:{account}:{_fill(call, row, str(value))}"


def _of_arn(call: Call, arn: str) -> Iterator[str]:
    """Yield an ARN that was sent, and the service's where it is that of a deployment or a revision of one."""
    for kind in _OF_SERVICES:
        if kind in arn:
            yield arn.replace(kind, ":service/").rpartition("/")[0]
    if ":task-definition/" in arn:
        arn = call.arn(f"task-definition/{_with_revision(call, arn.rpartition('/')[2])}")
    yield arn.removesuffix(":*") if call.service == "logs" else arn


def _fill(call: Call, row: Row, name: str) -> str:
    sent = call.sent
    if row.arn == "task-definition/{}":
        name = _with_revision(call, name)
    elif call.service in ("iam", "sqs", "ssm", "route53"):
        name = _PATHS[call.service](call, row, name)
    bus = sent.get("EventBusName", "default").rpartition("/")[2]
    return row.arn.format(
        name,
        cluster=str(sent.get("cluster", "default")).rpartition("/")[2],
        kind=_KINDS_OF_BALANCERS[sent.get("Type", "application")],
        group=sent.get("GroupName", "default"),
        bus="" if bus == "default" else f"{bus}/",
    )


def _with_revision(call: Call, name: str) -> str:
    """Return `family:revision`; of a family alone the latest revision, as no policy can name it otherwise."""
    if ":" in name:
        return name
    revisions = ecs_backends[call.account][call.region].task_definitions.get(name, {})
    active = [number for number, found in revisions.items() if found.status == "ACTIVE"]
    return f"{name}:{max(active) if active else '*'}"


def _with_path(call: Call, row: Row, name: str) -> str:
    """Return the name of a role, a user or a group after its path."""
    iam = iam_backends[call.account][call.partition]
    present: Mapping[str, Any] = {"role/{}": iam.roles, "user/{}": iam.users, "group/{}": iam.groups}
    for found in present.get(row.arn, {}).values():
        if found.name == name:
            return f"{found.path}{name}".removeprefix("/")
    return f"{call.sent.get('Path') or '/'}{name}".removeprefix("/")


_PATHS: Mapping[str, Callable[[Call, Row, str], str]] = {
    "iam": _with_path,
    "sqs": lambda _call, _row, url: url.rpartition("/")[2],
    "ssm": lambda _call, _row, name: name.removeprefix("/"),
    "route53": lambda _call, _row, zone: zone.rpartition("/")[2],
}


def _scalable_target(call: Call) -> list[str]:
    """Return the ARN that AWS has given to a present target, or that of any."""
    scaling = applicationautoscaling_backends[call.account][call.region]
    targets = scaling.targets.get(call.sent["ScalableDimension"], {})
    target = targets.get(call.sent.get("ResourceId"))
    return [target.arn if target else call.arn("scalable-target/*")]


def _targets_of_operation(call: Call) -> list[str]:
    """Return the namespace and the service that an operation of Cloud Map is for."""
    operations = servicediscovery_backends[call.account][call.region].operations
    operation = operations.get(call.sent["OperationId"])
    targets: Mapping[str, str] = operation.targets if operation else {}
    kinds = ("NAMESPACE", "SERVICE")
    return [call.arn(f"{kind.lower()}/{targets[kind]}") for kind in kinds if kind in targets]
