"""Calls about network interfaces: groups and addresses that there are, and AWS's own left alone."""

from ipaddress import ip_address
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from reconciler.sandbox.ec2.ids import GROUP
from reconciler.sandbox.ec2.interfaces import capacity_of, is_usable, present_interfaces
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import wrap

MOST_GROUPS = 5  # of an interface (Amazon VPC user guide, quotas)


def install() -> None:
    wrap(ElasticNetworkInterfaces, "create_network_interface", _create)
    wrap(ElasticNetworkInterfaces, "delete_network_interface", _delete_unless_in_use)
    wrap(ElasticNetworkInterfaces, "detach_network_interface", _detach_own)
    wrap(ElasticNetworkInterfaces, "modify_network_interface_attribute", _modify_own)


def _create(original: Any, response: Any) -> Any:
    """Create an interface with present groups of its VPC. moto makes absent ones."""
    ec2, subnet = response.ec2_backend, response.ec2_backend.get_subnet(response._get_param("SubnetId"))
    _check_groups(ec2, response._get_param("Groups", []), subnet)
    address = response._get_param("PrivateIpAddress")
    if address and (ip_address(address) not in subnet.cidr or not is_usable(subnet, address)):
        message = f"Address {address} does not fall within the subnet's address range"
        raise EC2ClientError("InvalidParameterValue", message)
    if address in {eni.private_ip_address for eni in present_interfaces(ec2) if eni.subnet.id == subnet.id}:
        raise EC2ClientError("InvalidIPAddress.InUse", "Address is in use.")
    if sum(eni.subnet.id == subnet.id for eni in present_interfaces(ec2)) >= capacity_of(subnet):
        message = (
            f"There are not enough free addresses in subnet '{subnet.id}' to satisfy the requested number."
        )
        raise EC2ClientError("InsufficientFreeAddressesInSubnet", message)
    return original(response)


def _check_groups(ec2: Any, group_ids: list[str], subnet: Any) -> None:
    if len(group_ids) > MOST_GROUPS:
        message = "The maximum number of security groups per interface has been reached."
        raise EC2ClientError("SecurityGroupsPerInterfaceLimitExceeded", message)
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
    if not asked.startswith(("eni-attach-", "ela-attach-")):
        message = f'Invalid id: "{asked}" (expecting "eni-attach-...")'
        raise EC2ClientError("InvalidNetworkInterfaceAttachmentId.Malformed", message)
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
