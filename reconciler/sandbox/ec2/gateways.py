"""Internet gateways as in AWS: one for a VPC, deleted only when it is detached."""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend

from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(EC2Backend, "attach_internet_gateway", _attach)
    wrap(EC2Backend, "detach_internet_gateway", _detach)
    wrap(EC2Backend, "delete_internet_gateway", _delete)


def _attach(original: Any, ec2: Any, gateway_id: str, vpc_id: str) -> Any:
    gateway, vpc = ec2.get_internet_gateway(gateway_id), ec2.get_vpc(vpc_id)
    if gateway.vpc is vpc:
        message = f"resource {gateway_id} is already attached to network {vpc_id}"
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    if gateway.vpc is None and any(other.vpc is vpc for other in ec2.internet_gateways.values()):
        message = f"Network {vpc_id} already has an internet gateway attached"
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    return original(ec2, gateway_id, vpc_id)


def _detach(original: Any, ec2: Any, gateway_id: str, vpc_id: str) -> Any:
    gateway, vpc = ec2.get_internet_gateway(gateway_id), ec2.get_vpc(vpc_id)
    if gateway.vpc is vpc and any(eni.public_ip for eni in present_interfaces(ec2) if eni.vpc_id == vpc_id):
        message = (
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )
        raise DependencyViolationError(message)
    return original(ec2, gateway_id, vpc_id)


def _delete(original: Any, ec2: Any, gateway_id: str) -> Any:
    if ec2.get_internet_gateway(gateway_id).vpc is not None:
        message = f"The internetGateway '{gateway_id}' has dependencies and cannot be deleted."
        raise DependencyViolationError(message)
    return original(ec2, gateway_id)
