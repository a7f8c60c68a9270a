"""Network interfaces that AWS itself creates and deletes: those of load balancers and tasks.

They outlive the load balancer or task, and block deletes of their groups, subnet and gateway (aws-facts 1.6).
"""

from ipaddress import ip_address
from itertools import count
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import Attachment, NetworkInterface
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.utils import random_private_ip

from reconciler.sandbox.ec2.ids import GROUP
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add, current, wrap


def attach_interface(
    ec2: Any, subnet_id: str, group_ids: list[str], *, description: str, owner: str, public: bool
) -> Any:
    """Create an interface for `owner` (amazon-elb or amazon-ecs), with or without a public address."""
    subnet = ec2.get_subnet(subnet_id)
    eni = ec2.create_network_interface(
        subnet,
        _find_free_address(ec2, subnet),
        group_ids=group_ids,
        description=description,
        public_ip_auto_assign=public,
    )
    eni.requester_managed = True
    eni.requester_id = owner
    eni.status = "in-use"
    return eni


def _find_free_address(ec2: Any, subnet: Any) -> str:
    """Return an address of the subnet that no interface has; moto may give one twice."""
    taken = {eni.private_ip_address for eni in ec2.enis.values() if eni.subnet.id == subnet.id}
    addresses = (random_private_ip(subnet.cidr_block) for _ in count())
    return str(next(address for address in addresses if address not in taken))


def adopt_interface(ec2: Any, eni: Any, *, owner: str, kind: str, description: str) -> None:
    """Make an interface one of `owner`, of a type such as `nat_gateway`, with an address of its subnet."""
    eni.requester_managed, eni.requester_id = True, owner
    eni.interface_type, eni.description, eni.status = kind, description, "in-use"
    eni.private_ip_address = None
    eni.private_ip_address = _find_free_address(ec2, eni.subnet)
    eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": eni.private_ip_address}]


def release_interface(eni: Any) -> None:
    """Schedule the deletion of the interface after the profile's time for it."""
    eni.deleted_at = current().clock.now() + current().profile.interface_lingers


def present_interfaces(ec2: Any) -> list[Any]:
    """Delete the released interfaces whose time is over, and return the others."""
    now = current().clock.now()
    for eni in list(ec2.enis.values()):
        if getattr(eni, "deleted_at", now + 1) <= now:
            ec2.enis.pop(eni.id, None)
    return list(ec2.enis.values())


def install() -> None:
    wrap(EC2Backend, "get_all_network_interfaces", _describe_present)
    wrap(ElasticNetworkInterfaces, "create_network_interface", _create)
    wrap(ElasticNetworkInterfaces, "delete_network_interface", _delete_unless_in_use)
    wrap(ElasticNetworkInterfaces, "detach_network_interface", _detach_own)
    wrap(ElasticNetworkInterfaces, "modify_network_interface_attribute", _modify_own)
    add(NetworkInterface, "attachment", property(_attachment))


def _describe_present(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    present_interfaces(ec2)
    return original(ec2, *args, **kwargs)


def _create(original: Any, response: Any) -> Any:
    """Create an interface with present groups of its VPC. moto makes absent ones."""
    ec2, subnet = response.ec2_backend, response.ec2_backend.get_subnet(response._get_param("SubnetId"))
    _check_groups(ec2, response._get_param("Groups", []), subnet)
    address = response._get_param("PrivateIpAddress")
    if address and ip_address(address) not in subnet.cidr:
        message = f"Address {address} does not fall within the subnet's address range"
        raise EC2ClientError("InvalidParameterValue", message)
    if address in {eni.private_ip_address for eni in present_interfaces(ec2) if eni.subnet.id == subnet.id}:
        raise EC2ClientError("InvalidIPAddress.InUse", "Address is in use.")
    return original(response)


def _check_groups(ec2: Any, group_ids: list[str], subnet: Any) -> None:
    for group_id in group_ids:
        group = find(ec2, group_id)
        if group is None:
            raise GROUP.refuse(group_id)
        if group.vpc_id != subnet.vpc_id:
            message = f"Security group {group_id} and subnet {subnet.id} belong to different networks."
            raise EC2ClientError("InvalidParameter", message)


def _delete_unless_in_use(original: Any, response: Any) -> Any:
    eni = response.ec2_backend.enis.get(response._get_param("NetworkInterfaceId"))
    if eni is not None and (eni.requester_managed or eni.attachment_id):
        message = f"Network interface '{eni.id}' is currently in use."
        raise EC2ClientError("InvalidParameterValue", message)
    return original(response)


def _detach_own(original: Any, response: Any) -> Any:
    """Detach an interface, but for those that AWS attached (the words are AWS's)."""
    asked = str(response._get_param("AttachmentId"))
    for eni in present_interfaces(response.ec2_backend):
        if eni.requester_managed and eni.attachment["AttachmentId"] == asked:
            message = f"You are not allowed to manage '{asked.rpartition('-')[0]}' attachments."
            raise EC2ClientError("OperationNotPermitted", message)
    return original(response)


def _modify_own(original: Any, response: Any) -> Any:
    ec2 = response.ec2_backend
    eni = ec2.get_network_interface(response._get_param("NetworkInterfaceId"))
    if eni.requester_managed:
        message = "You do not have permission to access the specified resource."
        raise EC2ClientError("AuthFailure", message)
    _check_groups(ec2, response._get_param("Groups", []), eni.subnet)
    return original(response)


def _attachment(eni: Any) -> Any:
    if not eni.requester_managed:
        return Attachment(eni) if eni.attachment_id else None
    return {
        "AttachmentId": f"{'ela' if eni.requester_id == 'amazon-elb' else 'eni'}-attach-{eni.id[4:]}",
        "DeleteOnTermination": False,
        "DeviceIndex": 1,
        "InstanceOwnerId": eni.requester_id,
        "Status": "attached",
    }
