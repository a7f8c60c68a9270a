"""Elastic IP addresses as in AWS: not released while they are in use."""

from ipaddress import IPv4Network
from typing import Any

from moto.ec2.exceptions import EC2ClientError, ResourceAlreadyAssociatedError
from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.utils import random_public_ip

from reconciler.sandbox.ec2.cidrs import parse
from reconciler.sandbox.ec2.ids import ADDRESS
from reconciler.sandbox.ec2.interfaces import present_interfaces
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add, current, wrap

NO_PERMISSION = "You do not have permission to access the specified resource."


def install() -> None:
    wrap(ElasticIPAddresses, "allocate_address", _allocate)
    wrap(ElasticIPAddresses, "describe_addresses", _describe)
    wrap(ElasticIPAddresses, "associate_address", _associate)
    wrap(ElasticIPAddresses, "disassociate_address", _disassociate)
    wrap(ElasticIPAddresses, "release_address", _release)
    add(elastic_ip_addresses, "random_ip", random_public_ip)  # moto gives loopback addresses
    add(ElasticAddress, "network_border_group", property(lambda address: address.ec2_backend.region_name))
    add(ElasticAddress, "public_ipv4_pool", "amazon")  # recorded
    add(ElasticAddress, "instance_id", property(lambda address: address.instance and address.instance.id))
    add(ElasticAddress, "network_interface_id", property(lambda address: address.eni and address.eni.id))


def settle_addresses(ec2: Any) -> None:
    """Free the addresses whose interfaces are gone."""
    present = {eni.id for eni in present_interfaces(ec2)}
    for address in ec2.addresses:
        if address.eni is not None and address.eni.id not in present:
            address.eni = address.association_id = None


def require_address(ec2: Any, allocation: str | None) -> None:
    """Refuse an allocation that does not exist, and free the addresses whose interfaces are gone."""
    settle_addresses(ec2)
    if allocation and find(ec2, allocation) is None:
        raise ADDRESS.refuse(allocation)


def _allocate(original: Any, response: Any) -> Any:
    if response._get_param("Domain") not in (None, "vpc", "standard"):
        message = f"Invalid value '{response._get_param('Domain')}' for domain."
        raise EC2ClientError("InvalidParameterValue", message)
    answer = original(response)
    region = response.ec2_backend.region_name
    return type(answer)(answer.result | {"PublicIpv4Pool": "amazon", "NetworkBorderGroup": region})


def _describe(original: Any, response: Any) -> Any:
    settle_addresses(response.ec2_backend)
    known = {address.public_ip for address in response.ec2_backend.addresses}
    for asked in response._get_param("PublicIps", []):
        if not isinstance(parse(asked), IPv4Network):
            raise EC2ClientError("InvalidAddress.Malformed", f"Invalid IPv4 address: {asked}")
        if asked not in known:
            raise EC2ClientError("InvalidAddress.NotFound", f"Address '{asked}' not found.")
    return original(response)


def _associate(original: Any, response: Any) -> Any:
    """Associate an address with an interface in a VPC that has an internet gateway (Gateway.NotAttached).

    An address or interface that is associated already is associated anew, unless AllowReassociation is false
    (EC2 API reference, AssociateAddress).
    """
    ec2, again = response.ec2_backend, response._get_param("AllowReassociation") is not False
    require_address(ec2, response._get_param("AllocationId"))
    if response._get_param("NetworkInterfaceId"):
        eni = ec2.get_network_interface(response._get_param("NetworkInterfaceId"))
        if not any(gateway.vpc and gateway.vpc.id == eni.vpc_id for gateway in ec2.internet_gateways.values()):
            message = f"Network {eni.vpc_id} is not attached to any internet gateway"
            raise EC2ClientError("Gateway.NotAttached", message)
        if eni.public_ip and not again:
            raise ResourceAlreadyAssociatedError(eni.id)
        _release_former(ec2, eni, response._get_param("AllocationId"), again=again)
    response.params = {**response.params, "AllowReassociation": again}
    return original(response)


def _release_former(ec2: Any, eni: Any, allocation: str | None, *, again: bool) -> None:
    """Take the address from its interface, and another address from this one. A NAT gateway's stays."""
    for address in ec2.addresses:
        if address.allocation_id == allocation and address.eni not in (None, eni):
            if not again or address.eni.requester_managed:
                raise ResourceAlreadyAssociatedError(allocation)
            address.eni.public_ip = None
        elif address.allocation_id != allocation and address.eni is eni:
            address.eni = address.association_id = None


def _disassociate(original: Any, response: Any) -> Any:
    """Disassociate an address from what is the caller's. A NAT gateway's is refused (terraform#14698)."""
    ec2 = response.ec2_backend
    settle_addresses(ec2)
    association, public_ip = response._get_param("AssociationId"), response._get_param("PublicIp")
    for address in ec2.addresses:
        named = address.association_id == association if association else address.public_ip == public_ip
        if named and address.eni is not None and address.eni.requester_managed:
            raise EC2ClientError("AuthFailure", NO_PERMISSION)
    return original(response)


def _release(original: Any, response: Any) -> Any:
    ec2, public_ip = response.ec2_backend, response._get_param("PublicIp")
    allocation = response._get_param("AllocationId")
    require_address(ec2, allocation)
    for address in ec2.addresses:
        named = address.allocation_id == allocation if allocation else address.public_ip == public_ip
        if named and (address.eni is not None or address.instance is not None):
            raise EC2ClientError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
        if named and current().clock.now() < getattr(address, "held_until", 0):
            raise EC2ClientError("AuthFailure", NO_PERMISSION)
    return original(response)
