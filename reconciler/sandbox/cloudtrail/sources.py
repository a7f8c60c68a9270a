"""Which calls CloudTrail records, under whose name and in which region.

Sources are hosts of the services' endpoints, with the exceptions that AWS documents ("CloudTrail record
contents", eventSource: CloudWatch is monitoring.amazonaws.com; Application Auto Scaling user guide, "Log API
calls": it is autoscaling.amazonaws.com). Calls on data are data events, which event history does not show.
"""

from collections.abc import Mapping

from moto.utilities.utils import get_partition

SPELT_OTHERWISE: Mapping[str, str] = {  # boto3's names
    "application-autoscaling": "autoscaling",
    "cloudwatch": "monitoring",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tagging",
}
GLOBAL = ("iam", "route53")  # their events are in one region of each partition
HOMES: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
DATA: Mapping[str, str] = {
    "dynamodb": (
        "BatchGetItem BatchWriteItem DeleteItem ExecuteStatement GetItem PutItem Query Scan TransactGetItems "
        "TransactWriteItems UpdateItem"
    ),
    "logs": "FilterLogEvents GetLogEvents PutLogEvents",
    "servicediscovery": "DiscoverInstances DiscoverInstancesRevision",
    "sns": "Publish PublishBatch",
    "sqs": "ChangeMessageVisibility DeleteMessage DeleteMessageBatch ReceiveMessage SendMessage SendMessageBatch",
    "events": "PutEvents",
}
READ_PREFIXES = ("BatchCheck", "BatchGet", "Describe", "Get", "List", "Lookup", "Simulate")


def source_of(service: str) -> str:
    """Return the event source of a service, given boto3's name of it."""
    return f"{SPELT_OTHERWISE.get(service, service)}.amazonaws.com"


def region_of(service: str, region: str) -> str:
    """Return the region in which the events of a call are."""
    return HOMES.get(get_partition(region), region) if service in GLOBAL else region


def is_recorded(service: str, action: str) -> bool:
    """Tell whether a call is a management event."""
    return bool(action) and action not in DATA.get(service, "").split()


def only_reads(action: str) -> bool:
    """Tell whether a call changes nothing, as far as its name tells."""
    return action.startswith(READ_PREFIXES)
