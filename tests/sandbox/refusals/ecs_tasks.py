"""Refused calls of ECS about tasks."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from makers import client_of
from stage import Stage

from refusals.probe import Probe

OPERATIONS = (
    "DescribeTasks",
    "ExecuteCommand",
    "GetTaskProtection",
    "ListTasks",
    "RunTask",
    "StartTask",
    "StopTask",
    "UpdateTaskProtection",
)
ABSENT = "0" * 32
ROLE = "arn:aws:iam::123456789012:role/absent"
CONTAINER = {"name": "app", "image": "nginx"}


def define(**fields: Any) -> str:
    """Register family `f`, for Fargate unless told otherwise, and return its name."""
    sizes = {"cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    client_of("ecs").register_task_definition(family="f", containerDefinitions=[CONTAINER], **sizes | fields)
    return "f"


def cluster(**fields: Any) -> Mapping[str, Any]:
    client_of("ecs").create_cluster(clusterName="c")
    return {"cluster": "c", **fields}


def no_cluster(**fields: Any) -> Callable[[], Mapping[str, Any]]:
    return lambda: {"cluster": "absent", **fields}


def run(definition: Mapping[str, Any] | None = None, **fields: Any) -> Callable[[], Mapping[str, Any]]:
    """Return the maker of a call of RunTask without a network, which is checked last."""

    def make() -> Mapping[str, Any]:
        return {**cluster(taskDefinition=define(**definition or {}), launchType="FARGATE"), **fields}

    return make


def in_network(**awsvpc: Any) -> Mapping[str, Any]:
    stage = Stage(client_of, ready=False)
    network = stage.network["awsvpcConfiguration"] | awsvpc
    return {
        "cluster": "c",
        "taskDefinition": "t",
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": network},
    }


def other_subnet() -> str:
    ec2 = client_of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"])


def two_vpcs() -> Mapping[str, Any]:
    call = in_network()
    call["networkConfiguration"]["awsvpcConfiguration"]["subnets"].append(other_subnet())
    return call


def used_token() -> Mapping[str, Any]:
    stage = Stage(client_of)
    call = {"cluster": "c", "taskDefinition": "t", "launchType": "FARGATE", "clientToken": "token"}
    stage.ecs.run_task(**call, networkConfiguration=stage.network)
    return {**call, "networkConfiguration": stage.network, "count": 2}


def inactive() -> Mapping[str, Any]:
    call = run()()
    client_of("ecs").deregister_task_definition(taskDefinition="f:1")
    return {**call, "taskDefinition": "f:1"}


def command(task: str = "", **fields: Any) -> Callable[[], Mapping[str, Any]]:
    """Return the maker of a call of ExecuteCommand, for a task with the agent unless one is named."""

    def make() -> Mapping[str, Any]:
        return {**cluster(task=task or ABSENT, command="sh", interactive=True), **fields}

    return make


def task_with(**fields: Any) -> Mapping[str, Any]:
    """Run a task whose role allows nothing, and return a command for it."""
    stage = Stage(client_of)
    role = "arn:aws:iam::123456789012:role/execution"
    run = stage.ecs.run_task(
        cluster="c",
        taskDefinition="t",
        launchType="FARGATE",
        networkConfiguration=stage.network,
        overrides={"taskRoleArn": role},
        enableExecuteCommand=fields.pop("enabled", True),
    )
    return {"cluster": "c", "task": run["tasks"][0]["taskArn"], "command": "sh", "interactive": True, **fields}


named = partial(Probe, "RunTask", "InvalidParameterException")

PROBES = [
    Probe("RunTask", "ClusterNotFoundException", no_cluster(taskDefinition="f")),
    Probe("RunTask", "ClientException", lambda: cluster(taskDefinition="f"), "TaskDefinition not found."),
    named(inactive, "TaskDefinition is inactive"),
    *(named(run(count=count), "count") for count in (0, 11)),
    named(run(startedBy="x" * 129), "startedBy"),
    named(run(clientToken="x" * 65), "clientToken"),
    named(run(group="service:s"), "group"),
    named(run(propagateTags="SERVICE"), "propagateTags"),
    named(run(tags=[{"key": "aws:x", "value": "y"}]), "aws:"),
    named(run(tags=[{"key": "a", "value": "b"}] * 2), ""),
    named(run(launchType="LAMBDA"), "launchType should be one of"),
    named(run(launchType="EC2"), "No Container Instances were found in your cluster."),
    named(run(capacityProviderStrategy=[{"capacityProvider": "FARGATE"}]), "both a launch type and"),
    named(run({"requiresCompatibilities": ["EC2"]}), "does not support launch_type FARGATE"),
    named(run(placementStrategy=[{"type": "random"}]), "Placement strategies are not supported"),
    named(run(placementConstraints=[{"type": "distinctInstance"}]), "Placement constraints are not"),
    named(run(overrides={"containerOverrides": [{"name": "other"}]}), "Override for container named other"),
    named(run(overrides={"containerOverrides": [{"name": "app", "command": ["x" * 8192]}]}), "at most 8192"),
    Probe("RunTask", "ClientException", run(overrides={"cpu": "300"}), "No Fargate configuration exists"),
    named(run(), "Network Configuration must be provided when networkMode 'awsvpc' is specified."),
    named(lambda: in_network(subnets=[]), "subnets can not be empty"),
    named(lambda: in_network(subnets=["subnet-1"]), "The subnet ID 'subnet-1' does not exist"),
    named(lambda: in_network(securityGroups=["sg-1"]), "The security group 'sg-1' does not exist"),
    named(lambda: in_network(securityGroups=["sg-1"] * 6), "securityGroups can have at most 5 items"),
    named(lambda: in_network(subnets=[other_subnet()]), "does not appear to belong to the same VPC"),
    named(two_vpcs, "same VPC"),
    named(
        lambda: {**in_network(), "taskDefinition": define(), "enableExecuteCommand": True},
        "a valid task role is not being used",
    ),
    Probe("RunTask", "ClientException", in_network, "ECS was unable to assume the role"),
    Probe("RunTask", "ClientException", lambda: {**in_network(), "overrides": {"taskRoleArn": ROLE}}, ROLE),
    Probe("RunTask", "ConflictException", used_token),
    Probe("RunTask", "PlatformUnknownException", run(platformVersion="1.9.9")),
    Probe(
        "RunTask",
        "PlatformTaskDefinitionIncompatibilityException",
        run({"ephemeralStorage": {"sizeInGiB": 30}}, platformVersion="1.3.0"),
    ),
    Probe("RunTask", "UnsupportedFeatureException", run(volumeConfigurations=[{"name": "v"}])),
    Probe("StartTask", "ClusterNotFoundException", no_cluster(taskDefinition="f", containerInstances=["i"])),
    Probe("StartTask", "ClientException", lambda: cluster(taskDefinition="f", containerInstances=["i"])),
    Probe(
        "StartTask",
        "InvalidParameterException",
        lambda: cluster(taskDefinition=define(), containerInstances=["i"]),
        "does not support launch_type EC2",
    ),
    Probe("StartTask", "InvalidParameterException", lambda: cluster(taskDefinition="f", containerInstances=[])),
    Probe(
        "StartTask",
        "UnsupportedFeatureException",
        lambda: cluster(taskDefinition="f", containerInstances=["i"], volumeConfigurations=[{"name": "v"}]),
    ),
    Probe("StopTask", "ClusterNotFoundException", no_cluster(task=ABSENT)),
    Probe("StopTask", "InvalidParameterException", lambda: cluster(task=ABSENT), "task was not found"),
    Probe("StopTask", "InvalidParameterException", lambda: cluster(task="x"), "taskId length"),
    Probe("DescribeTasks", "ClusterNotFoundException", no_cluster(tasks=[ABSENT])),
    Probe("DescribeTasks", "InvalidParameterException", lambda: cluster(tasks=[]), "Tasks cannot be empty."),
    Probe("DescribeTasks", "InvalidParameterException", lambda: cluster(tasks=[ABSENT] * 101)),
    Probe("DescribeTasks", "InvalidParameterException", lambda: cluster(tasks=["None"]), "taskId length"),
    Probe(
        "DescribeTasks",
        "InvalidParameterException",
        lambda: cluster(tasks=[f"arn:aws:ecs:us-east-1:123456789012:task/other/{ABSENT}"]),
        "Identifier is for cluster other. Your cluster is c",
    ),
    Probe(
        "DescribeTasks", "InvalidParameterException", lambda: cluster(tasks=[ABSENT], include=["ALL"]), "TAGS"
    ),
    Probe("ListTasks", "ClusterNotFoundException", no_cluster()),
    Probe("ListTasks", "ServiceNotFoundException", lambda: cluster(serviceName="s")),
    *(
        Probe("ListTasks", "InvalidParameterException", partial(cluster, **wrong))
        for wrong in (
            {"startedBy": "me", "family": "f"},
            {"desiredStatus": "GONE"},
            {"launchType": "LAMBDA"},
            {"maxResults": 101},
            {"nextToken": "x"},
        )
    ),
    Probe(
        "ExecuteCommand", "ClusterNotFoundException", no_cluster(task=ABSENT, command="sh", interactive=True)
    ),
    Probe("ExecuteCommand", "InvalidParameterException", command(), "task was not found"),
    Probe(
        "ExecuteCommand",
        "InvalidParameterException",
        command(interactive=False),
        "Interactive is the only mode",
    ),
    Probe("ExecuteCommand", "InvalidParameterException", lambda: task_with(enabled=False), "was not enabled"),
    Probe("ExecuteCommand", "InvalidParameterException", lambda: task_with(container="x"), "container x"),
    Probe("ExecuteCommand", "TargetNotConnectedException", task_with, "internal error. Try again later."),
    Probe("GetTaskProtection", "ClusterNotFoundException", no_cluster(tasks=[ABSENT])),
    Probe("GetTaskProtection", "InvalidParameterException", lambda: cluster(tasks=[ABSENT] * 11)),
    Probe(
        "UpdateTaskProtection", "ClusterNotFoundException", no_cluster(tasks=[ABSENT], protectionEnabled=True)
    ),
    Probe(
        "UpdateTaskProtection",
        "InvalidParameterException",
        lambda: cluster(tasks=[ABSENT], protectionEnabled=True, expiresInMinutes=2881),
    ),
]
