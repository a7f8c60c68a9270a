"""Refused calls of ECS about services, their deployments and their revisions."""

from collections.abc import Mapping
from typing import Any

from makers import client_of
from stage import Stage

from refusals.ecs_makers import ARN, CLIENT, INVALID, NO_CLUSTER, Params, plain, with_cluster
from refusals.probe import Probe

OPERATIONS = (
    "CreateService",
    "DeleteService",
    "DescribeServiceDeployments",
    "DescribeServiceRevisions",
    "DescribeServices",
    "ListServiceDeployments",
    "ListServices",
    "ListServicesByNamespace",
    "StopServiceDeployment",
    "UpdateService",
)
NO_SERVICE = "ServiceNotFoundException"
BLUE_GREEN = {"strategy": "BLUE_GREEN"}
ABSENT_CLUSTER = plain(cluster="absent", service="s")


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


def gone() -> Mapping[str, Any]:
    Stage(client_of).service(desiredCount=0)
    client_of("ecs").delete_service(cluster="c", service="s")
    return {"cluster": "c", "service": "s"}


def ended() -> Mapping[str, Any]:
    Stage(client_of).service()
    found = client_of("ecs").list_service_deployments(cluster="c", service="s")["serviceDeployments"]
    return {"serviceDeploymentArn": found[0]["serviceDeploymentArn"]}


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
        "desiredCount": 1,
        "launchType": "FARGATE",
        "platformVersion": "1.3.0",
        "networkConfiguration": stage.network,
    }


def updated_to_older_platform() -> Mapping[str, Any]:
    created = older_platform()
    client_of("ecs").create_service(**{**created, "platformVersion": "LATEST"})
    return {"cluster": "c", "service": "s", "platformVersion": "1.3.0"}


def updated_to_inactive() -> Mapping[str, Any]:
    stage = Stage(client_of)
    stage.service()
    other = stage.define(A="1")
    client_of("ecs").deregister_task_definition(taskDefinition=other)
    return {"cluster": "c", "service": "s", "taskDefinition": other}


PROBES = [
    Probe("ListServices", INVALID, with_cluster(cluster="c", maxResults=101), "between 1 and 100"),
    Probe("ListServices", NO_CLUSTER, plain(cluster="absent")),
    Probe("ListServicesByNamespace", INVALID, plain(namespace="n", maxResults=101)),
    Probe("ListServicesByNamespace", "NamespaceNotFoundException", plain(namespace="absent")),
    Probe("ListServiceDeployments", INVALID, with_service(status=["BAD"]), "status should be one of"),
    Probe("ListServiceDeployments", NO_CLUSTER, ABSENT_CLUSTER),
    Probe("ListServiceDeployments", NO_SERVICE, with_cluster(cluster="c", service="absent")),
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
]
