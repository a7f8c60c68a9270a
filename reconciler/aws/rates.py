"""Keep calls below AWS's rates: throttling slows down everyone who shares the account.

Rates apply to one account and region. AWS documents those of ECS (Amazon ECS API reference, "Request
throttling"), of ELBv2's describes (Elastic Load Balancing user guide, "Request throttling"), of EC2 (its
developer guide, "Request throttling": a bucket for each operation), of the Tagging API (Tag Editor user guide,
"Service Quotas"), of Route 53 (its developer guide, "Quotas"), and of CloudWatch and CloudWatch Logs (their
user guides, "quotas"). The last two are of each operation, without a burst: where the quotas of Logs give one,
it is what one or two seconds allow. Those of IAM, ECR, Cloud Map and Application Auto Scaling are not
published; they are set so that a platform of some hundred services was never seen throttled.
"""

from dataclasses import dataclass

SHARE_OF_RATE = 0.9  # calls arrive at uneven times, and others use the account too


@dataclass(frozen=True)
class Rate:
    """The size of a token bucket that these calls share."""

    calls: frozenset[str]  # `service.operation`, or `service` for all other operations of it
    burst: int  # calls at once
    per_second: float
    each: bool = False  # True: each of the operations has a bucket of this size for itself


def _rate(calls: str, burst: int, per_second: float, *, each: bool = False) -> Rate:
    return Rate(frozenset(calls.split()), burst, per_second, each)


WRITE_RATES = (
    _rate("ecs.register_task_definition ecs.deregister_task_definition", 20, 1),
    _rate("ecs.delete_task_definitions", 5, 1),
    _rate("ecs.create_service ecs.update_service ecs.delete_service", 50, 5),
    _rate(
        "ecs.create_cluster ecs.delete_cluster ecs.update_cluster ecs.update_cluster_settings "
        "ecs.put_cluster_capacity_providers",
        20,
        1,
    ),
    _rate("ecs.tag_resource ecs.untag_resource", 20, 10),
    _rate("ec2", 50, 5),
    _rate("elbv2", 30, 5),
    _rate("servicediscovery", 10, 5),  # Route 53 behind it takes five changes a second
    _rate("route53", 2, 5),  # one at a time: a zone refuses a change while it takes in another
    _rate("iam", 40, 10),
    _rate("logs.create_log_group logs.delete_log_group", 10, 10, each=True),
    _rate("logs", 10, 5, each=True),
    _rate("ecr", 40, 10),
    _rate("application-autoscaling", 20, 5),
    _rate("cloudwatch", 10, 10, each=True),
)
READ_RATES = (
    _rate("ecs.describe_clusters ecs.list_clusters", 50, 20),
    _rate("ecs.describe_services ecs.list_services", 100, 20),
    _rate("ecs.describe_tasks ecs.list_tasks", 100, 20),
    _rate(
        "ecs.list_service_deployments ecs.describe_service_deployments ecs.describe_service_revisions", 50, 20
    ),
    _rate("ecs.list_tags_for_resource", 20, 10),
    _rate("ecs", 50, 20),  # of task definitions
    _rate("ec2", 100, 20, each=True),
    _rate("elbv2", 40, 10),
    _rate("servicediscovery", 50, 20),
    _rate("route53", 50, 10),
    _rate("iam", 100, 20),
    _rate("logs.describe_log_groups", 10, 10),
    _rate("logs", 10, 5, each=True),
    _rate("ecr", 100, 20),
    _rate("application-autoscaling", 40, 10),
    _rate("cloudwatch", 10, 10, each=True),
    _rate("resourcegroupstaggingapi", 15, 15),
)
