"""The condition keys of a request: what AWS tells of the caller, of the parameters and of the resources.

(IAM user guide, "AWS global condition context keys"; service authorization reference, for those of services.)
"""

from collections.abc import Mapping
from typing import Any

from moto.ec2 import ec2_backends
from moto.iam import iam_backends

from reconciler.sandbox.authorization.arns import rows_of
from reconciler.sandbox.authorization.call import Call, as_mapping, listed
from reconciler.sandbox.authorization.decisions import Target
from reconciler.sandbox.authorization.live_tags import find_tags
from reconciler.sandbox.authorization.patterns import Keys
from reconciler.sandbox.authorization.special_keys import special_keys
from reconciler.sandbox.callers import Caller
from reconciler.sandbox.ec2.present import find

_OWN_TAG_KEYS = (
    "ec2",
    "ecs",
    "elasticloadbalancing",
    "iam",
)  # services that have ResourceTag of their own, too
_BOUNDARY_AFTER = ("CreateRole", "PutRolePermissionsBoundary")  # they set the boundary that is asked for
_PARAMETERS = {  # by service: what a key is called -> the parameter that is its value
    "application-autoscaling": {
        "service-namespace": "ServiceNamespace",
        "scalable-dimension": "ScalableDimension",
    },
    "ecs": {"task-definition": "taskDefinition", "enable-execute-command": "enableExecuteCommand"},
    "iam": {"PolicyARN": "PolicyArn", "AWSServiceName": "AWSServiceName"},
    "elasticloadbalancing": {
        "Scheme": "Scheme",
        "Subnet": "Subnets",
        "SecurityGroup": "SecurityGroups",
        "ListenerProtocol": "Protocol",
    },
    "sts": {"ExternalId": "ExternalId", "RoleSessionName": "RoleSessionName"},
}


def caller_keys(caller: Caller, region: str) -> Keys:
    """Return the keys that tell of the caller. A role's session has the role's ARN as its principal's."""
    is_user = caller.type == "IAMUser"
    keys = {
        "aws:PrincipalArn": caller.issuer or caller.arn,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalType": "User" if is_user else caller.type,
        "aws:userid": caller.id,
        "aws:RequestedRegion": region,
        "aws:SourceIp": "127.0.0.1",
        "aws:ViaAWSService": "false",
    } | ({"aws:username": caller.name} if is_user else {})
    tags = find_tags(caller.issuer or caller.arn)
    return lowered({**keys, **{f"aws:PrincipalTag/{key}": value for key, value in tags.items()}})


def call_keys(call: Call) -> Keys:
    """Return the keys that the parameters give."""
    named = {
        f"{call.service}:{key}": call.sent[parameter]
        for key, parameter in _PARAMETERS.get(call.service, {}).items()
        if parameter in call.sent
    }
    return lowered({**named, **dict(special_keys(call)), **tag_keys(call, requested_tags(call))})


def tag_keys(call: Call, tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys of the tags that a call sets; of those that it removes only their names."""
    if not tags:
        return {}
    removes = call.operation.startswith(("Delete", "Remove", "Untag"))
    requested = {} if removes else {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {"aws:TagKeys": [*tags], **requested}


def requested_tags(call: Call) -> dict[str, str]:
    """Return the tags among the parameters, in any form of the services. Removed ones have empty values."""
    sent = call.sent
    specified = [tag for one in listed(sent.get("TagSpecifications")) for tag in listed(one.get("Tags"))]
    found = sent.get("Tags") or sent.get("tags") or specified
    return as_mapping(found) | dict.fromkeys(listed(sent.get("TagKeys") or sent.get("tagKeys")), "")


def target_of(call: Call, arn: str) -> Target:
    """Return a resource with its keys: its tags, if its type has some, and a role's boundary."""
    tags = find_tags(arn) if arn != "*" and all(row.has_tags for row in rows_of(call)) else {}
    keys = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    if call.service in _OWN_TAG_KEYS:
        keys |= {f"{call.service}:ResourceTag/{key}": value for key, value in tags.items()}
    if call.service == "iam" and (boundary := _boundary(call, arn)):
        keys["iam:PermissionsBoundary"] = boundary
    if call.service == "ec2" and (vpc := _vpc(call, arn)):
        keys["ec2:Vpc"] = vpc
    return Target(arn, lowered(keys))


def _boundary(call: Call, arn: str) -> str:
    """Return the boundary that a call gives to a role, or else the one that the role has."""
    if call.operation in _BOUNDARY_AFTER:
        return str(call.sent.get("PermissionsBoundary") or "")
    roles = iam_backends[call.account][call.partition].roles.values()
    return next((role.permissions_boundary_arn or "" for role in roles if role.arn == arn), "")


def _vpc(call: Call, arn: str) -> str:
    found = find(ec2_backends[call.account][call.region], arn.rpartition("/")[2])
    own_id = getattr(found, "vpc_id", None)
    return call.arn(f"vpc/{own_id}") if own_id and "/vpc-" not in arn else ""


def lowered(keys: Mapping[str, Any]) -> Keys:
    """Return the keys with their names in lower case and their values as texts."""
    return {name.lower(): tuple(map(_text, listed(value))) for name, value in keys.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
