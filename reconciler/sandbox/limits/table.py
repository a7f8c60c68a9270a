"""Request rates: which calls share a token bucket, its size, and each service's error when it is empty.

The rates of ECS are documented (ECS API reference, request throttling), as are those of ELBv2's describes (its
user guide, request throttling), of EC2's reads (EC2 developer guide, request throttling), of CloudWatch's
dashboards and CloudWatch Logs (their user guides, quotas), these without a burst, of Route 53 (its developer
guide, quotas) but for its bucket of changed records, and of CloudTrail's LookupEvents (its API reference).
Rates that AWS does not publish are guesses of the same order.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """The size of a token bucket."""

    bucket: str  # operations with the same name share the bucket
    burst: float  # calls that a full bucket allows at once
    rate: float  # calls a second in the long run


_ECS_GROUPS = {
    Limit("cluster-modify", 20, 1): (
        "CreateCluster",
        "DeleteCluster",
        "UpdateCluster",
        "UpdateClusterSettings",
        "PutClusterCapacityProviders",
    ),
    Limit("cluster-read", 50, 20): ("DescribeClusters", "ListClusters"),
    Limit("provider-modify", 10, 1): (
        "CreateCapacityProvider",
        "UpdateCapacityProvider",
        "DeleteCapacityProvider",
    ),
    Limit("provider-read", 50, 20): ("DescribeCapacityProviders",),
    Limit("definition-modify", 20, 1): ("RegisterTaskDefinition", "DeregisterTaskDefinition"),
    Limit("definition-delete", 5, 1): ("DeleteTaskDefinitions",),
    Limit("definition-read", 50, 20): (
        "DescribeTaskDefinition",
        "ListTaskDefinitions",
        "ListTaskDefinitionFamilies",
    ),
    Limit("service-modify", 50, 5): ("CreateService", "UpdateService", "DeleteService"),
    Limit("service-read", 100, 20): ("DescribeServices", "ListServices"),
    Limit("deployment-read", 50, 20): (
        "ListServiceDeployments",
        "DescribeServiceDeployments",
        "DescribeServiceRevisions",
    ),
    Limit("namespace-read", 10, 1): ("ListServicesByNamespace",),
    Limit("task-run", 100, 40): ("RunTask", "StopTask"),
    Limit("task-read", 100, 20): ("DescribeTasks", "ListTasks"),
    Limit("tags", 20, 10): ("TagResource", "UntagResource", "ListTagsForResource"),
}
_ECS = {operation: limit for limit, operations in _ECS_GROUPS.items() for operation in operations}

_LOGS = {name: Limit(name, 10, 10) for name in ("CreateLogGroup", "DeleteLogGroup", "DescribeLogGroups")}

LOOKUPS = Limit("lookups", 2, 2)

# Reads, then writes. Some services have a bucket for each operation, the others one for all of a kind.
_OTHERS = {  # burst, rate
    "application-autoscaling": ((40, 10), (20, 5)),
    "cloudtrail": ((10, 10), (1, 1)),
    "cloudwatch": ((10, 10), (10, 10)),
    "ec2": ((100, 20), (50, 5)),
    "ecr": ((100, 20), (40, 10)),
    "elbv2": ((40, 10), (30, 5)),
    "iam": ((100, 20), (40, 10)),
    "logs": ((10, 5), (10, 5)),
    "resourcegroupstaggingapi": ((15, 15), (10, 5)),
    "route53": ((50, 10), (50, 10)),
    "servicediscovery": ((50, 20), (20, 5)),
}
_BY_OPERATION = ("cloudwatch", "ec2", "logs", "route53")

# Code, message and HTTP status of the error, by service.
THROTTLING_CODES = {
    "application-autoscaling": ("ThrottlingException", "Rate exceeded", 400),
    "cloudtrail": ("ThrottlingException", "Rate exceeded", 400),
    "cloudwatch": ("Throttling", "Rate exceeded", 400),
    "dynamodb": ("ThrottlingException", "Rate of requests exceeds the allowed throughput.", 400),
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "ecr": ("ThrottlingException", "Rate exceeded", 400),
    "ecs": ("ThrottlingException", "Rate exceeded", 400),
    "elbv2": ("ThrottlingException", "Rate exceeded", 400),
    "iam": ("Throttling", "Rate exceeded", 400),
    "logs": ("ThrottlingException", "Rate exceeded", 400),
    "resourcegroupstaggingapi": ("ThrottledException", "Rate exceeded", 400),
    "route53": ("Throttling", "Rate exceeded", 400),
    "servicediscovery": ("RequestLimitExceeded", "Rate exceeded", 400),
}


def limit_of(service: str, operation: str, *, reads: bool) -> Limit | None:
    """Return the bucket of an operation, or None if the embedded AWS does not limit it."""
    if service == "ecs":
        return _ECS.get(operation)
    if service == "cloudtrail" and operation == "LookupEvents":
        return LOOKUPS
    if service not in _OTHERS:
        return None
    if service == "logs" and operation in _LOGS:
        return _LOGS[operation]
    kind = "read" if reads else "write"
    bucket = operation if service in _BY_OPERATION else kind
    return Limit(bucket, *_OTHERS[service][0 if reads else 1])
