"""Lag in EC2: describes that miss a new network, and writes told that it does not exist (aws-facts 1)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from moto.core.responses import BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from reconciler.sandbox.lag.freshness import make_fresh, missed, refused
from reconciler.sandbox.paging.ec2 import ACTIONS
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import current, wrap

# By the beginning of an id: AWS's code and words for one that does not exist.
MISSING = {
    "vpc": ("InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
    "subnet": ("InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist"),
    "igw": ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{}' does not exist"),
    "rtb": ("InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist"),
    "sg": ("InvalidGroup.NotFound", "The security group '{}' does not exist"),
}
# A delete is not told so: it would take it for done.
_TOLD = ("Create", "Attach", "Associate", "Authorize", "Modify")


def install() -> None:
    for action in ("create_vpc", "create_subnet", "create_internet_gateway", "create_route_table"):
        wrap(EC2Backend, action, _note)
    wrap(EC2Backend, "create_security_group", _note)
    for owner, action, around in _WRAPPERS:
        wrap(owner, action, around)
    wrap(BaseResponse, "call_action", _write)


def _note(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    made = original(ec2, *args, **kwargs)
    if not _is_of_aws(made):
        make_fresh(ec2, _kind(made.id), made.id)
    return made


def _is_of_aws(made: Any) -> bool:
    """The default network, and what comes with a VPC."""
    return bool(
        getattr(made, "is_default", False)
        or getattr(made, "default_for_az", False)
        or getattr(made, "main_association_id", None)
    )


def _kind(resource_id: str) -> str:
    return resource_id.partition("-")[0]


def _read(member: str, ids: str, original: Any, response: Any) -> Any:
    """What was asked for by id is said not to exist, what was asked for otherwise is left out."""
    if not current().profile.lag:
        return original(response)
    ec2 = response.ec2_backend
    for resource_id in response._get_param(ids, []):
        if missed(ec2, _kind(resource_id), resource_id) and _kind(resource_id) in MISSING:
            raise _refusal(resource_id)
    found = original(response)
    if not response._get_param(ids):
        found.result[member] = [
            item for item in found.result[member] if not missed(ec2, _kind(item.id), item.id)
        ]
    return found


def _refusal(resource_id: str) -> EC2ClientError:
    code, message = MISSING[_kind(resource_id)]
    return EC2ClientError(code, message.format(resource_id))


def _write(original: Any, response: Any) -> Any:
    tells = current().profile.lag and isinstance(response, EC2Response)
    if tells and str(response._get_action()).startswith(_TOLD):
        for resource_id in _ids(response.params):
            if refused(response.ec2_backend, _kind(resource_id), resource_id):
                code, message = MISSING[_kind(resource_id)]
                return answer(response, code, message.format(resource_id))
    return original(response)


def _ids(value: Any) -> Iterator[str]:
    """Ids anywhere in the parameters of a call."""
    if isinstance(value, str) and _kind(value) in MISSING:
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _ids(item)


_WRAPPERS = tuple((owner, action, partial(_read, member, ids)) for owner, action, member, ids in ACTIONS)
