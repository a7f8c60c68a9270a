"""Network interfaces that AWS itself creates and deletes: those of load balancers and tasks.

They outlive the load balancer or task, and block deletes of their groups, subnet and gateway (aws-facts 1.6).
"""

from itertools import count
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import Attachment, NetworkInterface
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.utils import random_private_ip

from reconciler.sandbox.chance import draw
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
    wrap(ElasticNetworkInterfaces, "delete_network_interface", _delete_unless_in_use)
    wrap(NetworkInterface, "get_filter_value", _filter_value)
    add(NetworkInterface, "attachment", property(_attachment))


def _describe_present(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    present_interfaces(ec2)
    return original(ec2, *args, **kwargs)


def _delete_unless_in_use(original: Any, response: Any) -> Any:
    eni = response.ec2_backend.enis.get(response._get_param("NetworkInterfaceId"))
    if eni is not None and eni.requester_managed:
        message = f"Network interface '{eni.id}' is currently in use."
        raise EC2ClientError("InvalidParameterValue", message)
    return original(response)


def _filter_value(original: Any, eni: Any, name: str, method: str | None = None) -> Any:
    """Return the value for a filter; moto lacks those of the public address."""
    if name in ("association.public-ip", "addresses.association.public-ip"):
        return eni.public_ip
    return original(eni, name, method)


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
