"""The tags of a present resource, by its ARN. A schedule has those of its group."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.applicationautoscaling import applicationautoscaling_backends
from moto.cloudwatch import cloudwatch_backends
from moto.core.base_backend import BackendDict
from moto.dynamodb import dynamodb_backends
from moto.ec2 import ec2_backends
from moto.ecr import ecr_backends
from moto.ecs import ecs_backends
from moto.ecs.exceptions import ECSException
from moto.elbv2 import elbv2_backends
from moto.events import events_backends
from moto.iam import iam_backends
from moto.logs import logs_backends
from moto.scheduler import scheduler_backends
from moto.servicediscovery import servicediscovery_backends
from moto.sqs import sqs_backends

from reconciler.sandbox.authorization.call import as_mapping
from reconciler.sandbox.ecs.tags import find_resource

Find = Callable[[Any, str], Any]  # of a backend and an ARN, in any of moto's forms

_NO_ARN = ("",) * 5  # the parts that what is no ARN lacks


def find_tags(arn: str) -> Mapping[str, str]:
    """Return the tags of the resource; none if it is absent, or of a type that has no tags here."""
    _, partition, service, region, account, *_ = (*arn.split(":", 5), *_NO_ARN)
    place = partition if service == "iam" else region
    if service not in _FINDERS or arn.endswith("*") or place not in _FINDERS[service][0][account]:
        return {}
    backends, find = _FINDERS[service]
    return as_mapping(find(backends[account][place], arn))


def _tags_of_ecs(ecs: Any, arn: str) -> Any:
    try:
        return find_resource(ecs, arn).tags
    except ECSException:
        return None


def _tags_of_group(scheduler: Any, arn: str) -> Any:
    """Return the tags of a group, or of the group that a schedule is in."""
    group = arn.replace(":schedule/", ":schedule-group/").split("/")[:2]
    return scheduler.tagger.get_tag_dict_for_resource("/".join(group))


def _tags_of_target(scaling: Any, arn: str) -> Any:
    targets = [target for found in scaling.targets.values() for target in found.values()]
    return next((getattr(target, "tags", None) for target in targets if target.arn == arn), None)


def _tags_of_queue(sqs: Any, arn: str) -> Any:
    return getattr(sqs.queues.get(arn.rpartition(":")[2]), "tags", None)


def _tags_of_entity(iam: Any, arn: str) -> Any:
    if ":policy/" in arn:
        policy = iam.managed_policies.get(arn)
        return list(policy.tags.values()) if policy else None
    entities = iam.roles if ":role/" in arn else iam.users
    return next((entity.tags for entity in entities.values() if entity.arn == arn), None)


def _tags_of_table(dynamodb: Any, arn: str) -> Any:
    return getattr(dynamodb.tables.get(arn.rpartition("/")[2]), "tags", None)


def _tags_of_log_group(logs: Any, arn: str) -> Any:
    return logs.tagger.get_tag_dict_for_resource(arn.removesuffix(":log-stream:"))


def _by_tagger(name: str = "tagger") -> Find:
    return lambda backend, arn: getattr(backend, name).get_tag_dict_for_resource(arn)


_FINDERS: Mapping[str, tuple[BackendDict[Any], Find]] = {
    "application-autoscaling": (applicationautoscaling_backends, _tags_of_target),
    "cloudwatch": (cloudwatch_backends, _by_tagger()),
    "dynamodb": (dynamodb_backends, _tags_of_table),
    "ec2": (ec2_backends, lambda ec2, arn: ec2.tags.get(arn.rpartition("/")[2])),
    "ecr": (ecr_backends, _by_tagger()),
    "ecs": (ecs_backends, _tags_of_ecs),
    "elasticloadbalancing": (elbv2_backends, _by_tagger("tagging_service")),
    "events": (events_backends, _by_tagger()),
    "iam": (iam_backends, _tags_of_entity),
    "logs": (logs_backends, _tags_of_log_group),
    "scheduler": (scheduler_backends, _tags_of_group),
    "servicediscovery": (servicediscovery_backends, _by_tagger()),
    "sqs": (sqs_backends, _tags_of_queue),
}
