"""The calls that ECS makes for its tasks, by its service-linked role, as CloudTrail records them."""

from collections.abc import Mapping
from typing import Any

from moto.utilities.utils import get_partition

from reconciler.sandbox.cloudtrail.recorder import record_service_action
from reconciler.sandbox.ecs.model import Service

_HOST = "ecs.amazonaws.com"


def record_targets(service: Service, action: str, target_group: str, target: Mapping[str, Any]) -> None:
    """Record that ECS registers or deregisters a target, given the ARN of the target group."""
    sent = {"TargetGroupArn": target_group, "Targets": [dict(target)]}
    _record(service, "elbv2", action, sent)


def record_instance(service: Service, action: str, cloud_map_service: str, task: str) -> None:
    """Record that ECS registers or deregisters a task in Cloud Map, given the ids of service and task."""
    _record(service, "servicediscovery", action, {"ServiceId": cloud_map_service, "InstanceId": task})


def _record(service: Service, boto3_name: str, action: str, sent: Mapping[str, Any]) -> None:
    partition, path = get_partition(service.region_name), f"aws-service-role/{_HOST}"
    role = f"arn:{partition}:iam::{service.account_id}:role/{path}/AWSServiceRoleForECS"
    record_service_action(boto3_name, action, sent, role, _HOST, service.region_name)
