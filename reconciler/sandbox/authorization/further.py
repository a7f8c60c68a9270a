"""What a call needs beside its own action: to tag what it makes, to pass a role, and what services do for it.

A service that makes a tagged resource asks for the permission to tag as well (each API reference, of the call).
"""

from collections.abc import Iterator, Mapping

import jmespath
from moto.ecs import ecs_backends
from moto.iam import iam_backends
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.authorization.arns import find_arns
from reconciler.sandbox.authorization.call import Call, as_mapping, listed
from reconciler.sandbox.authorization.decisions import Request, Target
from reconciler.sandbox.authorization.keys import lowered, requested_tags, tag_keys, target_of

_MAKES = ("Allocate", "Authorize", "Create", "Put", "Register", "Run")
_CREATE_ACTION = ("ec2", "ecs", "elasticloadbalancing")  # services that tell which call tags
_TAG_ACTIONS = {
    "ec2": "CreateTags",
    "elasticloadbalancing": "AddTags",
    "iam": "Tag{}",
    "sqs": "TagQueue",
    "ssm": "AddTagsToResource",
}  # others: TagResource
_TASKS, _ECS = "ecs-tasks.amazonaws.com", "ecs.amazonaws.com"
_PASSED: Mapping[str, tuple[tuple[str, str], ...]] = {  # action -> where it has roles (JMESPath), and for whom
    "ecs:RegisterTaskDefinition": (("[taskRoleArn, executionRoleArn]", _TASKS),),
    "ecs:RunTask": (("overrides.[taskRoleArn, executionRoleArn]", _TASKS),),
    "ecs:CreateService": (("role", _ECS), ("loadBalancers[].advancedConfiguration.roleArn", _ECS)),
    "ecs:UpdateService": (("loadBalancers[].advancedConfiguration.roleArn", _ECS),),
    "scheduler:CreateSchedule": (("Target.RoleArn", "scheduler.amazonaws.com"),),
    "scheduler:UpdateSchedule": (("Target.RoleArn", "scheduler.amazonaws.com"),),
    "events:PutTargets": (("Targets[].RoleArn", "events.amazonaws.com"),),
}
_FIRST_USES = {  # the service whose role is made with the first resource in an account (each user guide)
    "ecs:CreateCluster": "ecs.amazonaws.com",
    "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing.amazonaws.com",
    "application-autoscaling:RegisterScalableTarget": "ecs.application-autoscaling.amazonaws.com",
}
_BY_CLOUD_MAP = {  # what it does in Route 53 with the caller's rights (its developer guide, "Actions")
    "CreatePrivateDnsNamespace": (
        "ec2:DescribeRegions",
        "ec2:DescribeVpcs",
        "route53:CreateHostedZone",
        "route53:ListHostedZonesByName",
    ),
    "DeleteNamespace": ("route53:DeleteHostedZone",),
    "UpdatePrivateDnsNamespace": ("route53:ChangeResourceRecordSets",),
}


def find_further(call: Call) -> Iterator[Request]:
    """Yield the requests that the call is beside its own, with the keys that only they have."""
    yield from _tagging(call)
    yield from _passing(call)
    yield from _first_use(call)
    if call.service == "wafv2" and call.operation.endswith("ssociateWebACL"):
        yield Request("elasticloadbalancing:SetWebACL", (target_of(call, call.sent["ResourceArn"]),))
    if call.service == "servicediscovery":
        for action in _BY_CLOUD_MAP.get(call.operation, ()):
            yield Request(action, (Target(_zone_of(call) if action in _ON_ZONES else "*"),))


_ON_ZONES = ("route53:DeleteHostedZone", "route53:ChangeResourceRecordSets")


def _zone_of(call: Call) -> str:
    namespace = servicediscovery_backends[call.account][call.region].namespaces.get(call.sent.get("Id"))
    zone = namespace.dns_properties.get("HostedZoneId", "*") if namespace else "*"
    return f"arn:{call.partition}:route53:::hostedzone/{zone}"


def _tagging(call: Call) -> Iterator[Request]:
    if not call.operation.startswith(_MAKES):
        return
    if call.service == "ec2":
        for one in listed(call.sent.get("TagSpecifications")):
            yield _tag_request(call, as_mapping(one.get("Tags")), (call.arn(f"{one['ResourceType']}/*"),))
    elif tags := requested_tags(call):
        yield _tag_request(call, tags, tuple(dict.fromkeys(_made(call))))


def _tag_request(call: Call, tags: Mapping[str, str], arns: tuple[str, ...]) -> Request:
    verb = _TAG_ACTIONS.get(call.service, "TagResource").format(call.operation.removeprefix("Create"))
    keys = tag_keys(call, tags)
    if call.service in _CREATE_ACTION:
        keys[f"{call.service}:CreateAction"] = call.operation
    return Request(f"{call.service}:{verb}", tuple(map(Target, arns)), lowered(keys))


def _made(call: Call) -> Iterator[str]:
    """Yield the ARNs of what the call makes. The last part of what gets an id is `*`."""
    for arn in find_arns(call):
        match call.action:
            case "elasticloadbalancing:CreateListener":
                yield f"{arn.replace(':loadbalancer/', ':listener/')}/*"
            case "elasticloadbalancing:CreateRule":
                yield f"{arn.replace(':listener/', ':listener-rule/')}/*"
            case "ecs:RunTask":
                yield call.arn(f"task/{str(call.sent.get('cluster', 'default')).rpartition('/')[2]}/*")
            case "servicediscovery:CreateService":
                yield "*"  # Cloud Map's tags know no resources
            case _:
                yield arn.removesuffix(":log-stream:")


def _passing(call: Call) -> Iterator[Request]:
    """Yield iam:PassRole for each role that the call names, or that a task which it runs has."""
    passed = [
        (role, service)
        for path, service in _PASSED.get(call.action, ())
        for role in listed(jmespath.search(path, call.sent))
        if role
    ]
    if call.action == "ecs:RunTask":
        passed += [(role, _TASKS) for role in _roles_of_definition(call)]
    for role, service in dict.fromkeys(passed):
        arn = role if role.startswith("arn:") else call.role_arn(role)
        yield Request("iam:PassRole", (Target(arn),), lowered({"iam:PassedToService": service}))


def _roles_of_definition(call: Call) -> Iterator[str]:
    family, _, revision = find_arns(call)[0].rpartition("/")[2].partition(":")
    revisions = ecs_backends[call.account][call.region].task_definitions.get(family, {})
    definition = revisions.get(int(revision)) if revision.isdecimal() else None
    for name in ("task_role_arn", "execution_role_arn"):
        if role := getattr(definition, name, None):
            yield role


def _first_use(call: Call) -> Iterator[Request]:
    service = _FIRST_USES.get(call.action)
    path = f"/aws-service-role/{service}/"
    roles = iam_backends[call.account][call.partition].roles.values()
    if service and not any(role.path == path for role in roles):
        target = Target(call.role_arn(f"aws-service-role/{service}/*"))
        yield Request("iam:CreateServiceLinkedRole", (target,), lowered({"iam:AWSServiceName": service}))
