"""Refused calls of ECS about clusters, capacity providers, task definitions, tags and settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from makers import client_of
from stage import Stage

from reconciler.sandbox import CALM, current, install
from refusals.ecs_makers import ARN, CLIENT, INVALID, NO_CLUSTER, Params, plain, with_cluster
from refusals.probe import Probe

OPERATIONS = (
    "CreateCapacityProvider",
    "CreateCluster",
    "DeleteAccountSetting",
    "DeleteCapacityProvider",
    "DeleteCluster",
    "DeleteTaskDefinitions",
    "DeregisterTaskDefinition",
    "DescribeCapacityProviders",
    "DescribeClusters",
    "DescribeTaskDefinition",
    "ListAccountSettings",
    "ListClusters",
    "ListTagsForResource",
    "ListTaskDefinitionFamilies",
    "ListTaskDefinitions",
    "PutAccountSetting",
    "PutAccountSettingDefault",
    "PutClusterCapacityProviders",
    "RegisterTaskDefinition",
    "TagResource",
    "UntagResource",
    "UpdateCapacityProvider",
    "UpdateCluster",
    "UpdateClusterSettings",
)
BUSY = "UpdateInProgressException"
GROUP = {"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:x/g"}
TAG = [{"key": "k", "value": "v"}]
PAGED = ("ListClusters", "ListTaskDefinitions", "ListTaskDefinitionFamilies", "ListAccountSettings")


def occupied() -> Mapping[str, Any]:
    Stage(client_of).service()
    return {"cluster": "c"}


def with_task() -> Mapping[str, Any]:
    stage = Stage(client_of)
    definition = stage.register([{"name": "app", "image": "nginx", "memory": 128}])
    client_of("ecs").run_task(
        cluster="c", taskDefinition=definition, launchType="FARGATE", networkConfiguration=stage.network
    )
    return {"cluster": "c"}


def busy(**params: Any) -> Params:
    """Return what makes a cluster with which providers are still being associated, and then the parameters."""

    def make() -> Mapping[str, Any]:
        install(replace(CALM, capacity_providers=10), clock=current().clock)
        return with_cluster(cluster="c", **params)()

    return make


def in_use() -> Mapping[str, Any]:
    Stage(client_of).service(capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}])
    return {"cluster": "c", "capacityProviders": [], "defaultCapacityProviderStrategy": []}


def full_of_tags() -> Mapping[str, Any]:
    tags = [{"key": str(n), "value": ""} for n in range(50)]
    made = client_of("ecs").create_cluster(clusterName="c", tags=tags)
    return {"resourceArn": made["cluster"]["clusterArn"], "tags": TAG}


def inactive_definition() -> Mapping[str, Any]:
    stage = Stage(client_of)
    client_of("ecs").deregister_task_definition(taskDefinition=stage.task_definition)
    return {"taskDefinition": stage.task_definition}


def absent(kind: str, name: str = "absent", **params: Any) -> Params:
    return with_cluster(resourceArn=f"{ARN}:{kind}/{name}", **params)


PROBES = [
    *(Probe(operation, INVALID, plain(nextToken="bad")) for operation in PAGED),
    Probe("CreateCluster", INVALID, with_cluster(clusterName="c"), "Arguments on this idempotent request"),
    Probe("CreateCluster", INVALID, plain(tags=[{"key": "aws:k", "value": "v"}])),
    Probe("UpdateCluster", INVALID, with_cluster(cluster="c", settings=[{"name": "containerInsights"}])),
    Probe("UpdateCluster", NO_CLUSTER, plain(cluster="absent")),
    Probe(
        "UpdateClusterSettings", INVALID, with_cluster(cluster="c", settings=[{"name": "bad", "value": "x"}])
    ),
    Probe("UpdateClusterSettings", NO_CLUSTER, plain(cluster="absent", settings=[])),
    Probe("DeleteCluster", INVALID, plain(cluster="bad name"), "Cluster must match"),
    Probe("DeleteCluster", "ClusterContainsTasksException", with_task),
    Probe("DeleteCluster", BUSY, busy()),
    Probe("UpdateClusterSettings", BUSY, busy(settings=[])),
    Probe("PutClusterCapacityProviders", BUSY, busy(capacityProviders=[], defaultCapacityProviderStrategy=[])),
    Probe("UpdateCapacityProvider", INVALID, plain(name="FARGATE", autoScalingGroupProvider={}), "reserved"),
    Probe("DeleteCluster", NO_CLUSTER, plain(cluster="absent")),
    Probe("DeleteCluster", "ClusterContainsServicesException", occupied),
    Probe("DescribeClusters", INVALID, plain(include=["BAD"]), "include should be one of"),
    Probe("DescribeClusters", INVALID, plain(clusters=["c"] * 101)),
    Probe("CreateCapacityProvider", INVALID, plain(name="fargate-of-mine", autoScalingGroupProvider=GROUP)),
    Probe(
        "CreateCapacityProvider",
        "UnsupportedFeatureException",
        plain(
            name="m",
            managedInstancesProvider={
                "infrastructureRoleArn": "arn:aws:iam::123456789012:role/r",
                "instanceLaunchTemplate": {
                    "ec2InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/p",
                    "networkConfiguration": {"subnets": ["subnet-1"]},
                },
            },
        ),
    ),
    Probe("DescribeCapacityProviders", INVALID, plain(maxResults=11)),
    Probe("DeleteCapacityProvider", INVALID, plain(capacityProvider="FARGATE")),
    Probe("DeleteCapacityProvider", CLIENT, plain(capacityProvider="absent"), "does not exist"),
    Probe(
        "UpdateCapacityProvider", CLIENT, plain(name="absent", autoScalingGroupProvider={}), "does not exist"
    ),
    Probe(
        "PutClusterCapacityProviders",
        NO_CLUSTER,
        plain(cluster="absent", capacityProviders=[], defaultCapacityProviderStrategy=[]),
    ),
    Probe(
        "PutClusterCapacityProviders",
        INVALID,
        with_cluster(cluster="c", capacityProviders=["absent"], defaultCapacityProviderStrategy=[]),
        "does not exist",
    ),
    Probe("PutClusterCapacityProviders", "ResourceInUseException", in_use),
    Probe("RegisterTaskDefinition", CLIENT, plain(family="f", containerDefinitions=[]), "cannot be empty"),
    Probe("RegisterTaskDefinition", INVALID, plain(family="f", containerDefinitions=[], tags=[])),
    Probe("DescribeTaskDefinition", CLIENT, plain(taskDefinition="absent")),
    Probe("DescribeTaskDefinition", INVALID, plain(taskDefinition="f:bad"), "Invalid revision number"),
    Probe("DeregisterTaskDefinition", CLIENT, inactive_definition, "inactive"),
    Probe("DeregisterTaskDefinition", INVALID, plain(taskDefinition="f:bad")),
    Probe("DeleteTaskDefinitions", INVALID, plain(taskDefinitions=["f:1"] * 11)),
    Probe("PutAccountSetting", INVALID, plain(name="bad", value="enabled")),
    Probe("PutAccountSettingDefault", INVALID, plain(name="awsvpcTrunking", value="bad")),
    Probe("DeleteAccountSetting", INVALID, plain(name="bad")),
    Probe("TagResource", NO_CLUSTER, absent("cluster", tags=TAG)),
    Probe("TagResource", "ResourceNotFoundException", absent("service", "c/absent", tags=TAG)),
    Probe("TagResource", INVALID, plain(resourceArn="bad", tags=TAG)),
    Probe("TagResource", "LimitExceededException", full_of_tags),
    Probe("UntagResource", NO_CLUSTER, absent("cluster", tagKeys=["k"])),
    Probe("UntagResource", "ResourceNotFoundException", absent("task-definition", "f:1", tagKeys=["k"])),
    Probe("UntagResource", INVALID, plain(resourceArn="bad", tagKeys=["k"])),
    Probe("ListTagsForResource", NO_CLUSTER, absent("cluster")),
    Probe("ListTagsForResource", INVALID, absent("service", "c/absent")),
]
