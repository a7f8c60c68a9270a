"""Refused calls of ECS, but for those about tasks that are run by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from makers import client_of
from stage import Stage

from reconciler.sandbox import CALM, current, install
from refusals.probe import Probe

OPERATIONS = (
    "CreateCapacityProvider",
    "CreateCluster",
    "CreateService",
    "DeleteAccountSetting",
    "DeleteCapacityProvider",
    "DeleteCluster",
    "DeleteService",
    "DeleteTaskDefinitions",
    "DeregisterTaskDefinition",
    "DescribeCapacityProviders",
    "DescribeClusters",
    "DescribeServiceDeployments",
    "DescribeServiceRevisions",
    "DescribeServices",
    "DescribeTaskDefinition",
    "ListAccountSettings",
    "ListClusters",
    "ListServiceDeployments",
    "ListServices",
    "ListServicesByNamespace",
    "ListTagsForResource",
    "ListTaskDefinitionFamilies",
    "ListTaskDefinitions",
    "PutAccountSetting",
    "PutAccountSettingDefault",
    "PutClusterCapacityProviders",
    "RegisterTaskDefinition",
    "StopServiceDeployment",
    "TagResource",
    "UntagResource",
    "UpdateCapacityProvider",
    "UpdateCluster",
    "UpdateClusterSettings",
    "UpdateService",
)
INVALID, CLIENT, BUSY = "InvalidParameterException", "ClientException", "UpdateInProgressException"
NO_CLUSTER, NO_SERVICE = "ClusterNotFoundException", "ServiceNotFoundException"
ARN = "arn:aws:ecs:us-east-1:123456789012"
GROUP = {"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:x/g"}
TAG = [{"key": "k", "value": "v"}]
Params = Callable[[], Mapping[str, Any]]


def with_cluster(**params: Any) -> Params:
    """Return what makes a cluster `c`, and then the parameters."""

    def make() -> Mapping[str, Any]:
        client_of("ecs").create_cluster(clusterName="c", capacityProviders=["FARGATE"])
        return params

    return make


def with_service(**params: Any) -> Params:
    """Return what makes a service `s` in the cluster `c`, and then the parameters."""

    def make() -> Mapping[str, Any]:
        Stage(client_of).service()
        return {"cluster": "c", "service": "s"} | params

    return make


def create(**fields: Any) -> Params:
    """Return what makes all that a service needs, and then the parameters of its create with these instead."""

    def make() -> Mapping[str, Any]:
        stage = Stage(client_of)
        wanted = {"cluster": "c", "serviceName": "s", "taskDefinition": "t", "launchType": "FARGATE"}
        return wanted | {"networkConfiguration": stage.network} | fields

    return make


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


def gone() -> Mapping[str, Any]:
    Stage(client_of).service(desiredCount=0)
    client_of("ecs").delete_service(cluster="c", service="s")
    return {"cluster": "c", "service": "s"}


def ended() -> Mapping[str, Any]:
    Stage(client_of).service()
    found = client_of("ecs").list_service_deployments(cluster="c", service="s")["serviceDeployments"]
    return {"serviceDeploymentArn": found[0]["serviceDeploymentArn"]}


def full_of_tags() -> Mapping[str, Any]:
    tags = [{"key": str(n), "value": ""} for n in range(50)]
    made = client_of("ecs").create_cluster(clusterName="c", tags=tags)
    return {"resourceArn": made["cluster"]["clusterArn"], "tags": TAG}


def older_platform() -> Mapping[str, Any]:
    stage = Stage(client_of)
    described = client_of("ecs").describe_task_definition(taskDefinition="t")["taskDefinition"]
    names = ("family", "containerDefinitions", "requiresCompatibilities", "networkMode", "cpu", "memory")
    fields = {name: described[name] for name in names}
    client_of("ecs").register_task_definition(**fields, ephemeralStorage={"sizeInGiB": 30})
    return {
        "cluster": "c",
        "serviceName": "s",
        "taskDefinition": "t",
        "launchType": "FARGATE",
        "platformVersion": "1.3.0",
        "networkConfiguration": stage.network,
    }


def updated_to_older_platform() -> Mapping[str, Any]:
    created = older_platform()
    client_of("ecs").create_service(**{**created, "platformVersion": "LATEST"})
    return {"cluster": "c", "service": "s", "platformVersion": "1.3.0"}


def inactive_definition() -> Mapping[str, Any]:
    stage = Stage(client_of)
    client_of("ecs").deregister_task_definition(taskDefinition=stage.task_definition)
    return {"taskDefinition": stage.task_definition}


def updated_to_inactive() -> Mapping[str, Any]:
    stage = Stage(client_of)
    stage.service()
    other = stage.define(A="1")
    client_of("ecs").deregister_task_definition(taskDefinition=other)
    return {"cluster": "c", "service": "s", "taskDefinition": other}


def absent(kind: str, name: str = "absent", **params: Any) -> Params:
    return with_cluster(resourceArn=f"{ARN}:{kind}/{name}", **params)


def plain(**params: Any) -> Params:
    return lambda: params


BLUE_GREEN = {"strategy": "BLUE_GREEN"}
ABSENT_CLUSTER = plain(cluster="absent", service="s")
PAGED = ("ListClusters", "ListTaskDefinitions", "ListTaskDefinitionFamilies", "ListAccountSettings")

PROBES = [
    *(Probe(operation, INVALID, plain(nextToken="bad")) for operation in PAGED),
    Probe("ListServices", INVALID, with_cluster(cluster="c", maxResults=101), "between 1 and 100"),
    Probe("ListServices", NO_CLUSTER, plain(cluster="absent")),
    Probe("ListServicesByNamespace", INVALID, plain(namespace="n", maxResults=101)),
    Probe("ListServicesByNamespace", "NamespaceNotFoundException", plain(namespace="absent")),
    Probe("ListServiceDeployments", INVALID, with_service(status=["BAD"]), "status should be one of"),
    Probe("ListServiceDeployments", NO_CLUSTER, ABSENT_CLUSTER),
    Probe("ListServiceDeployments", NO_SERVICE, with_cluster(cluster="c", service="absent")),
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
    Probe("CreateService", NO_CLUSTER, create(cluster="absent")),
    Probe("CreateService", CLIENT, create(taskDefinition="absent")),
    Probe("CreateService", INVALID, create(desiredCount=-1)),
    Probe("CreateService", "PlatformUnknownException", create(platformVersion="9.9.9")),
    Probe("CreateService", "PlatformTaskDefinitionIncompatibilityException", older_platform),
    Probe(
        "CreateService", "UnsupportedFeatureException", create(deploymentConfiguration=BLUE_GREEN), "not play"
    ),
    Probe("UpdateService", NO_CLUSTER, ABSENT_CLUSTER),
    Probe("UpdateService", NO_SERVICE, with_cluster(cluster="c", service="absent")),
    Probe("UpdateService", "ServiceNotActiveException", gone),
    Probe("UpdateService", CLIENT, updated_to_inactive, "inactive"),
    Probe("UpdateService", INVALID, with_service(healthCheckGracePeriodSeconds=-1)),
    Probe("UpdateService", "PlatformUnknownException", with_service(platformVersion="9.9.9")),
    Probe("UpdateService", "PlatformTaskDefinitionIncompatibilityException", updated_to_older_platform),
    Probe("UpdateService", "UnsupportedFeatureException", with_service(deploymentConfiguration=BLUE_GREEN)),
    Probe("DeleteService", NO_CLUSTER, ABSENT_CLUSTER),
    Probe("DeleteService", NO_SERVICE, gone),
    Probe("DeleteService", INVALID, with_service(), "scaled above 0"),
    Probe("DescribeServices", NO_CLUSTER, plain(cluster="absent", services=["s"])),
    Probe("DescribeServices", INVALID, with_cluster(cluster="c", services=[]), "Services cannot be empty"),
    Probe("DescribeServices", INVALID, with_cluster(cluster="c", services=[f"{ARN}:service/other/s"])),
    Probe("DescribeServiceDeployments", INVALID, plain(serviceDeploymentArns=["bad"])),
    Probe("DescribeServiceRevisions", INVALID, plain(serviceRevisionArns=[])),
    Probe("StopServiceDeployment", "ConflictException", ended),
    Probe("StopServiceDeployment", INVALID, plain(serviceDeploymentArn="bad")),
    Probe(
        "StopServiceDeployment",
        "ServiceDeploymentNotFoundException",
        plain(serviceDeploymentArn=f"{ARN}:service-deployment/c/s/absent"),
    ),
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
