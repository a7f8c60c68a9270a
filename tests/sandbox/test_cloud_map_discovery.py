from typing import Any

import pytest
from stage import Stage

from reconciler.sandbox import Clock, Profile, install

A = [{"Type": "A", "TTL": 10}]


@pytest.fixture
def registry(stage: Stage) -> str:
    """Create the service `web` in the namespace `local`, and return its ARN."""
    discovery = stage.discovery
    created = discovery.create_private_dns_namespace(Name="local", Vpc=stage.vpc)["OperationId"]
    namespace = discovery.get_operation(OperationId=created)["Operation"]["Targets"]["NAMESPACE"]
    made = discovery.create_service(
        Name="web",
        DnsConfig={"NamespaceId": namespace, "DnsRecords": A},
        HealthCheckCustomConfig={"FailureThreshold": 1},
    )
    return str(made["Service"]["Arn"])


@pytest.fixture
def stage(client: Any) -> Stage:
    return Stage(client)


def discovered(stage: Stage, **fields: Any) -> Any:
    return stage.discovery.discover_instances(NamespaceName="local", ServiceName="web", **fields)["Instances"]


def test_a_services_tasks_are_discovered_with_their_attributes(stage: Stage, registry: str) -> None:
    stage.service(serviceRegistries=[{"registryArn": registry}])
    found = {i["InstanceId"]: i for i in discovered(stage)}
    tasks = {task["taskArn"].rpartition("/")[2]: task for task in stage.running()}
    assert found.keys() == tasks.keys()
    for own_id, instance in found.items():
        (interface,) = tasks[own_id]["containers"][0]["networkInterfaces"]
        assert instance["Attributes"]["AWS_INSTANCE_IPV4"] == interface["privateIpv4Address"]
        assert instance["HealthStatus"] == "HEALTHY"
    assert len(discovered(stage, QueryParameters={"AVAILABILITY_ZONE": "us-east-1a"})) == 1
    assert len(discovered(stage, OptionalParameters={"AVAILABILITY_ZONE": "nowhere"})) == 2
    assert len(discovered(stage, MaxResults=1)) == 1


def test_the_revision_grows_as_tasks_come_and_go(stage: Stage, registry: str) -> None:
    stage.service(serviceRegistries=[{"registryArn": registry}])
    seen = []
    for count in (2, 1, 0):
        stage.update(desiredCount=count)
        told = stage.discovery.discover_instances_revision(NamespaceName="local", ServiceName="web")
        seen.append(told["InstancesRevision"])
    assert seen == [2, 3, 4]


def test_tasks_are_unhealthy_until_their_checks_pass(stage: Stage, registry: str, clock: Clock) -> None:
    install(Profile("checked", target_healthy=60), clock=clock)
    check = {"command": ["CMD-SHELL", "true"], "interval": 30}
    stage.register([{"name": "app", "image": "nginx", "healthCheck": check}])
    stage.service(taskDefinition="t", serviceRegistries=[{"registryArn": registry}])
    assert len(stage.running()) == 2
    assert discovered(stage, HealthStatus="HEALTHY") == []
    assert {i["HealthStatus"] for i in discovered(stage)} == {"UNHEALTHY"}  # none is healthy, so all are told
    clock.advance(30)
    assert len(discovered(stage, HealthStatus="HEALTHY")) == 2
