"""Reading what ECS and its scaling hold."""

from collections.abc import Iterator
from typing import Any

from crash.pages import Client, Resource, read_pages
from reconciler.aws.parallel import batches

CLUSTER_FIELDS = ["TAGS", "SETTINGS", "CONFIGURATIONS"]
MAX_SERVICES = 10  # in one DescribeServices


def count_revisions(client: Client) -> dict[str, int]:
    """Return the newest revision number of each family of task definitions."""
    families = client("ecs").list_task_definition_families(status="ACTIVE")["families"]
    return {family: describe_newest(client("ecs"), family)["taskDefinition"]["revision"] for family in families}


def describe_newest(ecs: Any, family: str) -> Any:
    return ecs.describe_task_definition(taskDefinition=family, include=["TAGS"])


def list_ecs(client: Client) -> Iterator[Resource]:
    ecs, latest = client("ecs"), set[str]()
    for family in read_pages(ecs, "list_task_definition_families", "families", status="ACTIVE"):
        # Earlier revisions are not compared: a stale read may have led to one more.
        found = describe_newest(ecs, family)
        latest.add(found["taskDefinition"]["taskDefinitionArn"])
        yield "task definition", {**found["taskDefinition"], "tags": found["tags"]}
    for cluster in read_pages(ecs, "list_clusters", "clusterArns"):
        described = ecs.describe_clusters(clusters=[cluster], include=CLUSTER_FIELDS)["clusters"]
        yield from (("cluster", raw) for raw in described)
        for names in batches(read_pages(ecs, "list_services", "serviceArns", cluster=cluster), MAX_SERVICES):
            answers = ecs.describe_services(cluster=cluster, services=names, include=["TAGS"])["services"]
            yield from (("service", {**s, "runs the newest": s["taskDefinition"] in latest}) for s in answers)


def list_scaling(client: Client) -> Iterator[Resource]:
    scaling = client("application-autoscaling")
    for target in read_pages(scaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"):
        tags = scaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"]
        yield "scalable target", {**target, "tags": tags}
    for policy in read_pages(scaling, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="ecs"):
        yield "scaling policy", policy
