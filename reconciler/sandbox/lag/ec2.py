"""Lag in EC2: describes miss a new VPC, subnet and so on, and writes that name it are refused."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from moto.core.responses import BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from reconciler.sandbox.lag.freshness import make_fresh, read_misses, write_misses
from reconciler.sandbox.paging.ec2 import DESCRIBE_ACTIONS
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import current, wrap

# AWS's code and message for an id that does not exist, by its prefix.
NOT_FOUND = {
    "vpc": ("InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
    "subnet": ("InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist"),
    "igw": ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{}' does not exist"),
    "rtb": ("InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist"),
    "sg": ("InvalidGroup.NotFound", "The security group '{}' does not exist"),
}
# Deletes are never refused so: a client would take the resource for deleted.
_REFUSED_WRITES = ("Create", "Attach", "Associate", "Authorize", "Modify")


def install() -> None:
    for action in ("create_vpc", "create_subnet", "create_internet_gateway", "create_route_table"):
        wrap(EC2Backend, action, _create_fresh)
    wrap(EC2Backend, "create_security_group", _create_fresh)
    for owner, action, around in _WRAPPERS:
        wrap(owner, action, around)
    wrap(BaseResponse, "call_action", _refuse_write)


def _create_fresh(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    made = original(ec2, *args, **kwargs)
    if not _is_made_by_aws(made):
        make_fresh(ec2, _kind(made.id), made.id)
    return made


def _is_made_by_aws(made: Any) -> bool:
    """Tell whether AWS created it: with the account as its default network, or with a VPC."""
    return bool(
        getattr(made, "is_default", False)
        or getattr(made, "default_for_az", False)
        or getattr(made, "main_association_id", None)
    )


def _kind(resource_id: str) -> str:
    return resource_id.partition("-")[0]


def _describe(member: str, ids: str, original: Any, response: Any) -> Any:
    """Describe resources.

    A fresh one that the read misses is left out, or not found if it is named by its id.
    """
    if not current().profile.lag:
        return original(response)
    ec2 = response.ec2_backend
    for resource_id in response._get_param(ids, []):
        if read_misses(ec2, _kind(resource_id), resource_id) and _kind(resource_id) in NOT_FOUND:
            raise _not_found(resource_id)
    found = original(response)
    if not response._get_param(ids):
        found.result[member] = [
            item for item in found.result[member] if not read_misses(ec2, _kind(item.id), item.id)
        ]
    return found


def _not_found(resource_id: str) -> EC2ClientError:
    code, message = NOT_FOUND[_kind(resource_id)]
    return EC2ClientError(code, message.format(resource_id))


def _refuse_write(original: Any, response: Any) -> Any:
    """Refuse some of the writes that name a fresh resource."""
    lags = current().profile.lag and isinstance(response, EC2Response)
    if lags and str(response._get_action()).startswith(_REFUSED_WRITES):
        for resource_id in _ids(response.params):
            if write_misses(response.ec2_backend, _kind(resource_id), resource_id):
                code, message = NOT_FOUND[_kind(resource_id)]
                return answer(response, code, message.format(resource_id))
    return original(response)


def _ids(value: Any) -> Iterator[str]:
    """Yield the ids anywhere in the parameters of a call."""
    if isinstance(value, str) and _kind(value) in NOT_FOUND:
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _ids(item)


_WRAPPERS = tuple(
    (owner, action, partial(_describe, member, ids)) for owner, action, member, ids in DESCRIBE_ACTIONS
)
