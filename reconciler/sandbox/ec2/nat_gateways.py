"""NAT gateways as in AWS: they take time, fail without an internet gateway, and are listed when gone."""

from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, ResourceAlreadyAssociatedError
from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.responses.nat_gateways import NatGateways

from reconciler.sandbox.ec2.addresses import require_address
from reconciler.sandbox.ec2.ids import NAT_GATEWAY
from reconciler.sandbox.ec2.interfaces import adopt_interface
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add, current, wrap

LIVING = ("pending", "available")  # states in which a gateway serves, or will
LISTED = 3600.0  # seconds for which a deleted or failed gateway is still described


def install() -> None:
    wrap(NatGateways, "create_nat_gateway", _answer_pending)
    wrap(NatGateways, "delete_nat_gateway", _delete)
    wrap(NatGateways, "describe_nat_gateways", _describe)
    wrap(EC2Backend, "create_nat_gateway", _create)
    add(NatGateway, "state", property(_state, lambda gateway, state: gateway.__dict__.update(set_state=state)))
    add(NatGateway, "availability_mode", "zonal")  # recorded


def _answer_pending(original: Any, response: Any) -> Any:
    """Create a gateway, which the answer always tells as `pending`."""
    _check(response.ec2_backend, response.params)
    shown = copy(original(response).result["NatGateway"])
    shown.answers_pending = True
    return ActionResult({"ClientToken": response.params.get("ClientToken"), "NatGateway": shown})


def _check(ec2: Any, params: Any) -> None:
    if params.get("ConnectivityType") not in (None, "public", "private"):
        message = f"Value ({params['ConnectivityType']}) for parameter connectivityType is invalid."
        raise EC2ClientError("InvalidParameterValue", message)
    if not params.get("SubnetId"):
        raise EC2ClientError("MissingParameter", "The request must contain the parameter SubnetId")
    ec2.get_subnet(params["SubnetId"])
    private, allocation = params.get("ConnectivityType") == "private", params.get("AllocationId")
    if private and allocation:
        message = "A private NAT gateway has no allocation ID"
        raise EC2ClientError("InvalidParameterCombination", message)
    if not private and not allocation:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter AllocationId")
    if allocation:
        require_address(ec2, allocation)
        address = find(ec2, allocation)
        if address.eni is not None or address.instance is not None:
            raise ResourceAlreadyAssociatedError(allocation)


def _create(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    """Create a gateway, which fails later if its VPC has no internet gateway (Amazon VPC user guide)."""
    gateway = original(ec2, *args, **kwargs)
    gateway.connectivity_type = gateway.connectivity_type or "public"
    gateway.settles_at = current().clock.now() + current().profile.nat_gateway
    adopt_interface(
        ec2,
        gateway._eni,
        owner="amazon-nat",
        kind="nat_gateway",
        description=f"Interface for NAT Gateway {gateway.id}",
    )
    for address in gateway.address_set:
        address |= {
            "privateIp": gateway._eni.private_ip_address,
            "isPrimary": True,
            "status": "succeeded",
        }
    attached = any(other.vpc and other.vpc.id == gateway.vpc_id for other in ec2.internet_gateways.values())
    if gateway.connectivity_type == "public" and not attached:
        gateway.failure_code = "Gateway.NotAttached"
        gateway.failure_message = f"Network {gateway.vpc_id} has no Internet gateway attached"
        gateway._eni.deleted_at = gateway.settles_at
    return gateway


def _delete(_original: Any, response: Any) -> Any:
    """Delete a gateway, whose interface and address go when it is `deleted`."""
    gateway = find(response.ec2_backend, response._get_param("NatGatewayId"))
    if gateway is None or gateway.state == "deleted":
        raise NAT_GATEWAY.refuse(response._get_param("NatGatewayId"))
    if gateway.state != "deleting":
        gateway.gone_at = gateway._eni.deleted_at = current().clock.now() + current().profile.nat_gateway
        _hold_addresses(response.ec2_backend, gateway)
        gateway.delete_time = response.ec2_backend.nat_gateways[gateway.id]._created_at
    return ActionResult({"NatGatewayId": gateway.id})


def _hold_addresses(ec2: Any, gateway: Any) -> None:
    """Keep its addresses from being released for some seconds after it is deleted (kops#938)."""
    for shown in gateway.address_set:
        if address := find(ec2, shown.get("allocationId", "")):
            address.held_until = gateway.gone_at + current().profile.address_held


def _describe(original: Any, response: Any) -> Any:
    """Describe gateways, also those that are gone, for about an hour (Amazon VPC user guide)."""
    now, gateways = current().clock.now(), response.ec2_backend.nat_gateways
    for gateway in list(gateways.values()):
        ended = getattr(gateway, "gone_at", gateway.settles_at if hasattr(gateway, "failure_code") else now)
        if ended + LISTED < now:
            del gateways[gateway.id]
    return original(response)


def _state(gateway: Any) -> str:
    now = current().clock.now()
    gone_at = getattr(gateway, "gone_at", None)
    if getattr(gateway, "answers_pending", False):
        return "pending"
    if gone_at is not None:
        return "deleted" if now >= gone_at else "deleting"
    if now < getattr(gateway, "settles_at", now):
        return "pending"
    return "failed" if hasattr(gateway, "failure_code") else "available"
