"""Services that ECS refuses to create or to change."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, make_network
from stage import Stage

INVALID, NOT_PLAYED = "InvalidParameterException", "UnsupportedFeatureException"
FARGATE = {"capacityProvider": "FARGATE"}
COUNT = {"enable": True, "rollback": False, "thresholdConfiguration": {"type": "COUNT", "value": 0}}
ALARMS = {"alarmNames": ["a"], "enable": True, "rollback": False}
Fields = Callable[[Stage], dict[str, Any]]


def network(stage: Stage, **fields: Any) -> dict[str, Any]:
    return {"networkConfiguration": {"awsvpcConfiguration": {**stage.network["awsvpcConfiguration"], **fields}}}


def balancer(**fields: Any) -> Fields:
    def made(stage: Stage) -> dict[str, Any]:
        arn = stage.balanced()
        return {
            "loadBalancers": [{"targetGroupArn": arn, "containerName": "app", "containerPort": 8080, **fields}]
        }

    return made


def of_instances(stage: Stage) -> dict[str, Any]:
    made = stage.elb.create_target_group(Name="i", Protocol="HTTP", Port=80, VpcId=stage.vpc)["TargetGroups"][0]
    item = {"targetGroupArn": made["TargetGroupArn"], "containerName": "app", "containerPort": 8080}
    return {"loadBalancers": [item]}


def registry(record: str, **fields: Any) -> Fields:
    def made(stage: Stage) -> dict[str, Any]:
        stage.discovery.create_private_dns_namespace(Name="n.local", Vpc=stage.vpc)
        namespace = stage.discovery.list_namespaces()["Namespaces"][0]["Id"]
        records = {"NamespaceId": namespace, "DnsRecords": [{"Type": record, "TTL": 10}]}
        arn = stage.discovery.create_service(Name="x", DnsConfig=records)["Service"]["Arn"]
        return {"serviceRegistries": [{"registryArn": arn, **fields}]}

    return made


def without_role(stage: Stage) -> dict[str, Any]:
    names = ("family", "containerDefinitions", "requiresCompatibilities", "networkMode", "cpu", "memory")
    told = stage.ecs.describe_task_definition(taskDefinition="t")["taskDefinition"]
    stage.ecs.register_task_definition(**{name: told[name] for name in names})
    return {"taskDefinition": "t", "enableExecuteCommand": True}


def for_ec2(stage: Stage) -> dict[str, Any]:
    web = {"name": "app", "image": "nginx", "memory": 128}
    stage.ecs.register_task_definition(family="e", containerDefinitions=[web], networkMode="awsvpc")
    return {"taskDefinition": "e"}


def deployment(**fields: Any) -> Fields:
    return lambda _stage: {"deploymentConfiguration": fields}


def plain(**fields: Any) -> Fields:
    return lambda _stage: fields


def group_of_another_vpc(stage: Stage) -> dict[str, Any]:
    return network(stage, securityGroups=[make_network(stage.ec2, "10.9").group])


def subnet_of_another_vpc(stage: Stage) -> dict[str, Any]:
    return network(stage, subnets=[stage.subnets[0], make_network(stage.ec2, "10.9").subnets[0]])


REFUSED: list[tuple[str, str, Fields]] = [
    (INVALID, "does not appear to belong to the same VPC", group_of_another_vpc),
    (INVALID, "must belong to the same VPC", subnet_of_another_vpc),
    (INVALID, "InvalidSubnetID.NotFound", lambda stage: network(stage, subnets=["subnet-0"])),
    (INVALID, "InvalidGroup.NotFound", lambda stage: network(stage, securityGroups=["sg-0"])),
    (INVALID, "subnets can not be empty", lambda stage: network(stage, subnets=[])),
    (INVALID, "Network Configuration must be provided", plain(networkConfiguration={})),
    (
        INVALID,
        "launch type and capacity provider strategy",
        plain(launchType="FARGATE", capacityProviderStrategy=[FARGATE]),
    ),
    (INVALID, "launchType should be one of", plain(launchType="BAD")),
    (INVALID, "not associated with the cluster", plain(capacityProviderStrategy=[{"capacityProvider": "X"}])),
    (INVALID, "twice", plain(capacityProviderStrategy=[FARGATE, FARGATE])),
    (
        INVALID,
        "weight above 0",
        plain(capacityProviderStrategy=[FARGATE, {"capacityProvider": "FARGATE_SPOT", "weight": 0}]),
    ),
    (
        INVALID,
        "base greater than 0",
        plain(
            capacityProviderStrategy=[
                {**FARGATE, "base": 1},
                {"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 1},
            ]
        ),
    ),
    (
        INVALID,
        "value less than or equal to 1000",
        plain(capacityProviderStrategy=[{**FARGATE, "weight": 1001}]),
    ),
    (INVALID, "does not support launch_type FARGATE", for_ec2),
    (INVALID, "must not be negative", plain(desiredCount=-1)),
    (
        INVALID,
        "does not support the FARGATE launch type",
        plain(schedulingStrategy="DAEMON", desiredCount=None),
    ),
    (INVALID, "does not support a desired count", plain(schedulingStrategy="DAEMON")),
    (INVALID, "The container absent does not exist", balancer(containerName="absent")),
    (INVALID, "did not have a container port 81", balancer(containerPort=81)),
    (INVALID, "incompatible with the awsvpc network mode", of_instances),
    (INVALID, "healthCheckGracePeriodSeconds must be between", plain(healthCheckGracePeriodSeconds=2**31)),
    (INVALID, "cannot be 100", deployment(maximumPercent=100, minimumHealthyPercent=100)),
    (INVALID, "must not be negative", deployment(minimumHealthyPercent=-1)),
    (INVALID, "Invalid deployment circuit breaker threshold value", deployment(deploymentCircuitBreaker=COUNT)),
    (
        INVALID,
        "do not require a value for 'containerPort'",
        registry("A", containerName="app", containerPort=8080),
    ),
    (INVALID, "do not require a value for 'port'", registry("A", port=80)),
    (INVALID, "but not both", registry("SRV", port=80, containerName="app", containerPort=8080)),
    (INVALID, "require a value for 'port'", registry("SRV")),
    (INVALID, "did not have a container port 81", registry("SRV", containerName="app", containerPort=81)),
    (
        INVALID,
        "does not exist",
        plain(serviceRegistries=[{"registryArn": "arn:aws:servicediscovery:x:1:service/x"}]),
    ),
    (INVALID, "valid taskRoleArn is not being used", without_role),
    (INVALID, "clientToken", plain(clientToken="x" * 37)),
    (INVALID, "begin with 'aws:'", plain(tags=[{"key": "aws:k", "value": "v"}])),
    (NOT_PLAYED, "strategy BLUE_GREEN", deployment(strategy="BLUE_GREEN")),
    (NOT_PLAYED, "strategy CANARY", deployment(strategy="CANARY")),
    (NOT_PLAYED, "alarms of a deployment", deployment(alarms=ALARMS)),
    (NOT_PLAYED, "bake time", deployment(bakeTimeInMinutes=5)),
    (NOT_PLAYED, "Service Connect", plain(serviceConnectConfiguration={"enabled": True})),
    (NOT_PLAYED, "deployment controller CODE_DEPLOY", plain(deploymentController={"type": "CODE_DEPLOY"})),
    (NOT_PLAYED, "volumes that ECS manages", plain(volumeConfigurations=[{"name": "v"}])),
]
ACCEPTED: list[tuple[str, Fields]] = [
    ("alarms that are off", deployment(alarms={**ALARMS, "enable": False})),
    ("Service Connect that is off", plain(serviceConnectConfiguration={"enabled": False})),
    ("the usual controller", plain(deploymentController={"type": "ECS"})),
    ("the usual strategy", deployment(strategy="ROLLING", bakeTimeInMinutes=0)),
    ("a registry of A records", registry("A")),
    ("a registry of SRV records", registry("SRV", containerName="app", containerPort=8080)),
    ("a grace period without a load balancer", plain(healthCheckGracePeriodSeconds=5)),
]


@pytest.mark.parametrize(("code", "words", "fields"), REFUSED)
def test_a_service_that_could_not_run_is_refused(aws: object, code: str, words: str, fields: Fields) -> None:
    stage = Stage(client_of, ready=False)
    wanted = {"desiredCount": 0, **fields(stage)}
    with pytest.raises(ClientError) as refused:
        stage.service(**wanted)
    error = refused.value.response["Error"]
    assert error["Code"] == code
    assert words in error["Message"]


@pytest.mark.parametrize("fields", [fields for _, fields in ACCEPTED], ids=[name for name, _ in ACCEPTED])
def test_and_one_that_could_is_created(aws: object, fields: Fields) -> None:
    stage = Stage(client_of, ready=False)
    assert stage.service(desiredCount=0, **fields(stage))["status"] == "ACTIVE"


@pytest.mark.parametrize(
    "fields",
    [{"availabilityZoneRebalancing": "ENABLED"}, {"placementStrategy": [{"type": "random"}]}],
    ids=["rebalancing", "placement"],
)
def test_a_daemon_is_neither_rebalanced_nor_placed(aws: object, fields: dict[str, Any]) -> None:
    ecs = client_of("ecs")
    ecs.create_cluster(clusterName="c")
    web = {"name": "app", "image": "nginx", "memory": 128}
    ecs.register_task_definition(family="d", containerDefinitions=[web])
    with pytest.raises(ClientError, match="daemon scheduling strategy does not support"):
        ecs.create_service(
            cluster="c", serviceName="s", taskDefinition="d", schedulingStrategy="DAEMON", **fields
        )


def test_an_update_is_refused_as_a_create_is(aws: object) -> None:
    """And what one sends that is refused changes nothing."""
    stage = Stage(client_of, ready=False)
    before = stage.service(desiredCount=0)
    for code, words, fields in [
        (INVALID, "must not be negative", {"desiredCount": -1}),
        (INVALID, "InvalidSubnetID.NotFound", network(stage, subnets=["subnet-0"])),
        (NOT_PLAYED, "strategy LINEAR", {"deploymentConfiguration": {"strategy": "LINEAR"}}),
        (NOT_PLAYED, "deployment controller EXTERNAL", {"deploymentController": {"type": "EXTERNAL"}}),
        (INVALID, "valid taskRoleArn", without_role(stage)),
    ]:
        with pytest.raises(ClientError, match=words) as refused:
            stage.update(**fields)
        assert refused.value.response["Error"]["Code"] == code
    names = ("desiredCount", "networkConfiguration", "deploymentConfiguration", "taskDefinition")
    after = stage.described()
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
