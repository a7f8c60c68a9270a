"""Network interfaces that AWS itself creates and deletes: those of load balancers and tasks.

They outlive the load balancer or task, and block deletes of their groups, subnet and gateway (terraform#497).
"""

from ipaddress import ip_address
from itertools import count
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import Attachment, NetworkInterface
from moto.ec2.utils import random_private_ip

from reconciler.sandbox.chance import draw
from reconciler.sandbox.world import add, current, wrap

RESERVED_FIRST = 4  # the first addresses of a subnet that AWS keeps, besides the last one


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
    """Return an address of the subnet that no interface has; moto may give one twice, or one of AWS's own."""
    taken = {eni.private_ip_address for eni in ec2.enis.values() if eni.subnet.id == subnet.id}
    if len(taken) >= capacity_of(subnet):
        return str(random_private_ip(subnet.cidr_block))  # tasks and load balancers never run out
    free = (str(ip_address(random_private_ip(subnet.cidr_block))) for _ in count())
    return next(one for one in free if one not in taken and is_usable(subnet, one))


def is_usable(subnet: Any, address: str) -> bool:
    """Tell whether the address is none of the first four and the last, which AWS keeps (VPC user guide)."""
    number = int(ip_address(address)) - int(subnet.cidr.network_address)
    return RESERVED_FIRST <= number < int(subnet.cidr.num_addresses) - 1


def capacity_of(subnet: Any) -> int:
    return int(subnet.cidr.num_addresses) - RESERVED_FIRST - 1


def adopt_interface(ec2: Any, eni: Any, *, owner: str, kind: str, description: str) -> None:
    """Make an interface one of `owner`, of a type such as `nat_gateway`, with an address of its subnet."""
    eni.requester_managed, eni.requester_id = True, owner
    eni.interface_type, eni.description, eni.status = kind, description, "in-use"
    eni.private_ip_address = None
    eni.private_ip_address = _find_free_address(ec2, eni.subnet)
    eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": eni.private_ip_address}]


def release_interface(eni: Any, gone_at: float | None = None) -> None:
    """Schedule the deletion of the interface, after half of the profile's time for it or up to all of it.

    Its owner is gone at that moment, or now. 5 to 20 minutes were seen (alchemy#1125, cdkd#209).
    """
    longest, chance = current().profile.interface_lingers, draw("interface", eni.requester_id)
    eni.deleted_at = (current().clock.now() if gone_at is None else gone_at) + longest * (1 + chance) / 2


def present_interfaces(ec2: Any) -> list[Any]:
    """Delete the released interfaces whose time is over, and return the others."""
    now = current().clock.now()
    for eni in list(ec2.enis.values()):
        if getattr(eni, "deleted_at", now + 1) <= now:
            ec2.enis.pop(eni.id, None)
    return list(ec2.enis.values())


def install() -> None:
    wrap(EC2Backend, "get_all_network_interfaces", _describe_present)
    add(NetworkInterface, "attachment", property(_attachment))


def _describe_present(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    present_interfaces(ec2)
    return original(ec2, *args, **kwargs)


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
