"""The network interface of a task: made at its launch, and given back after the task has stopped."""

from typing import Any

from moto.ec2 import ec2_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.ec2.interfaces import attach_interface, release_interface
from reconciler.sandbox.ec2.ipv6 import give_address
from reconciler.sandbox.ecs.model import Task


def attach_task(task: Task, wanted: dict[str, Any], number: int) -> None:
    """Give the task an interface in one of the subnets of an `awsvpcConfiguration`, in turn by its number.

    Without groups it has the default group of the VPC (ECS API reference, AwsVpcConfiguration).
    """
    prefix, _, account = task.cluster_arn.partition(":cluster/")[0].rpartition(":")
    ec2 = ec2_backends[account][prefix.rpartition(":")[2]]
    subnet_id = wanted["subnets"][number % len(wanted["subnets"])]
    task.attachment = str(mock_random.uuid4())
    eni = attach_interface(
        ec2,
        subnet_id,
        wanted.get("securityGroups") or _default_group(ec2, subnet_id),
        description=f"{prefix}:{account}:attachment/{task.attachment}",
        owner="amazon-ecs",
        public=wanted.get("assignPublicIp") == "ENABLED",
    )
    give_address(eni)
    task.network = {
        "subnetId": subnet_id,
        "networkInterfaceId": eni.id,
        "macAddress": eni.mac_address,
        "privateIPv4Address": eni.private_ip_address,
        "availabilityZone": eni.availability_zone,
    }
    if name := getattr(eni, "private_dns_name", None):  # only in a VPC with DNS hostnames
        task.network["privateDnsName"] = name


def _default_group(ec2: Any, subnet_id: str) -> list[str]:
    groups = ec2.groups.get(ec2.get_subnet(subnet_id).vpc_id, {}).values()
    return [group.id for group in groups if group.is_default]


def release_task(task: Task) -> None:
    """Schedule the deletion of a stopped task's interface some time after the task stopped."""
    task.released = True
    region, account = task.task_arn.split(":")[3:5]
    eni = ec2_backends[account][region].enis.get(task.network.get("networkInterfaceId", ""))
    if eni is not None:
        release_interface(eni, task.stopped)
