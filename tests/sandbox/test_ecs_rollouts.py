from typing import Any

import pytest
from stage import Stage

from reconciler.sandbox import Clock, Profile, install

SLOW = Profile(
    "slow", task_start=30, target_healthy=60, deployment_settles=15, task_stop=10, interface_lingers=45
)
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


@pytest.fixture
def stage(client: Any) -> Stage:
    return Stage(client)


@pytest.fixture
def slow(stage: Stage, clock: Clock) -> Stage:
    install(SLOW, clock=clock)
    return stage


def states(stage: Stage) -> list[tuple[str, str, int, int]]:
    """Return status, rollout state, running and pending tasks of each deployment."""
    return [
        (d["status"], d["rolloutState"], d["runningCount"], d["pendingCount"])
        for d in stage.described()["deployments"]
    ]


def messages(stage: Stage) -> str:
    return "\n".join(event["message"] for event in stage.described()["events"])


def test_a_calm_rollout_is_over_at_the_first_look(stage: Stage) -> None:
    created = stage.service()["deployments"][0]
    assert (created["rolloutState"], created["runningCount"]) == ("IN_PROGRESS", 0)
    assert states(stage) == [("PRIMARY", "COMPLETED", 2, 0)]
    told = stage.described()
    assert told["deployments"][0]["id"] == created["id"]
    assert told["deployments"][0]["rolloutStateReason"] == f"ECS deployment {created['id']} completed."
    assert (told["runningCount"], told["pendingCount"]) == (2, 0)


def test_a_rollout_takes_the_time_of_its_parts(slow: Stage, clock: Clock) -> None:
    group = slow.balanced()
    slow.service(loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}])
    assert states(slow) == [("PRIMARY", "IN_PROGRESS", 0, 2)]
    assert [task["lastStatus"] for task in slow.running()] == ["PROVISIONING"] * 2
    clock.advance(10)
    assert [task["lastStatus"] for task in slow.running()] == ["PENDING"] * 2
    clock.advance(20)
    assert [task["lastStatus"] for task in slow.running()] == ["RUNNING"] * 2
    health = slow.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert [h["TargetHealth"]["State"] for h in health] == ["initial"] * 2
    clock.advance(60)
    health = slow.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert [h["TargetHealth"]["State"] for h in health] == ["healthy"] * 2
    assert states(slow) == [("PRIMARY", "IN_PROGRESS", 2, 0)]
    clock.advance(15)
    assert states(slow) == [("PRIMARY", "COMPLETED", 2, 0)]


def test_an_update_keeps_the_former_deployment_until_the_new_one_is_completed(
    slow: Stage, clock: Clock
) -> None:
    first = slow.service()["deployments"][0]["id"]
    clock.advance(60)
    assert states(slow) == [("PRIMARY", "COMPLETED", 2, 0)]
    second = slow.update(taskDefinition=slow.define(A="1"))["deployments"][0]["id"]
    assert second != first
    assert states(slow) == [("PRIMARY", "IN_PROGRESS", 0, 2), ("ACTIVE", "COMPLETED", 2, 0)]
    clock.advance(35)
    assert states(slow) == [("PRIMARY", "IN_PROGRESS", 2, 0), ("ACTIVE", "COMPLETED", 0, 0)]
    clock.advance(60)
    assert [d["id"] for d in slow.described()["deployments"]] == [second]


def test_time_left_alone_passes_in_the_same_order(slow: Stage, clock: Clock) -> None:
    slow.service()
    slow.update(forceNewDeployment=True)
    clock.advance(3600)
    assert states(slow) == [("PRIMARY", "COMPLETED", 2, 0)]
    assert len(slow.running()) == 2


def test_only_what_is_deployed_starts_a_deployment(stage: Stage) -> None:
    first = stage.service()["deployments"][0]["id"]
    same = [
        {"desiredCount": 3},
        {"taskDefinition": stage.task_definition},
        {"deploymentConfiguration": BREAKER},
        {"enableExecuteCommand": True},
        {"propagateTags": "SERVICE"},
        {"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]},
    ]
    assert {stage.update(**fields)["deployments"][0]["id"] for fields in same} == {first}
    assert stage.update(platformVersion="1.4.0")["deployments"][0]["id"] != first


def test_the_desired_count_scales_the_tasks(stage: Stage) -> None:
    stage.service()
    stage.update(desiredCount=4)
    assert len(stage.running()) == 4
    stage.update(desiredCount=1)
    assert (len(stage.running()), stage.described()["runningCount"]) == (1, 1)
    assert len(stage.stopped()) == 3


def test_with_no_room_above_the_count_old_tasks_stop_first(slow: Stage, clock: Clock) -> None:
    limits = {"maximumPercent": 100, "minimumHealthyPercent": 50}
    slow.service(deploymentConfiguration=limits, availabilityZoneRebalancing="DISABLED")
    clock.advance(60)
    slow.update(forceNewDeployment=True)
    assert states(slow) == [("PRIMARY", "IN_PROGRESS", 0, 1), ("ACTIVE", "COMPLETED", 1, 0)]
    clock.advance(300)
    assert states(slow) == [("PRIMARY", "COMPLETED", 2, 0)]


def test_events_tell_what_happened_in_awss_words(stage: Stage) -> None:
    group = stage.balanced()
    stage.service(loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}])
    said = messages(stage)
    assert "(service s) has started 2 tasks: (task " in said
    assert f"(service s) registered 2 targets in (target-group {group})" in said
    assert "(service s) has reached a steady state." in said
    assert f"(deployment {stage.described()['deployments'][0]['id']}) deployment completed." in said
    ids = [event["id"] for event in stage.described()["events"]]
    assert len(set(ids)) == len(ids)


def test_tasks_tell_their_deployment_image_interface_and_tags(stage: Stage) -> None:
    created = stage.service(
        tags=[{"key": "k", "value": "v"}], propagateTags="SERVICE", enableECSManagedTags=True
    )
    arns = stage.ecs.list_tasks(cluster="c", startedBy=created["deployments"][0]["id"])["taskArns"]
    task = stage.ecs.describe_tasks(cluster="c", tasks=arns, include=["TAGS"])["tasks"][0]
    assert task["group"] == "service:s"
    assert task["containers"][0]["imageDigest"].startswith("sha256:")
    details = {d["name"]: d["value"] for d in task["attachments"][0]["details"]}
    eni = stage.ec2.describe_network_interfaces(NetworkInterfaceIds=[details["networkInterfaceId"]])
    assert eni["NetworkInterfaces"][0]["PrivateIpAddress"] == details["privateIPv4Address"]
    assert task["attachments"][0]["id"] in eni["NetworkInterfaces"][0]["Description"]
    assert {"k", "aws:ecs:serviceName"} <= {tag["key"] for tag in task["tags"]}


def test_interfaces_linger_after_their_task(slow: Stage, clock: Clock) -> None:
    slow.service()
    clock.advance(60)
    slow.update(desiredCount=0)
    slow.described()
    clock.advance(10 + 22)  # half of the longest time at least
    assert len(slow.ec2.describe_network_interfaces()["NetworkInterfaces"]) == 2
    clock.advance(23)
    assert slow.ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_tasks_are_found_by_dns_as_long_as_they_run(stage: Stage) -> None:
    operation = stage.discovery.create_private_dns_namespace(Name="n.local", Vpc=stage.vpc)["OperationId"]
    namespace = stage.discovery.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
    dns = {"DnsRecords": [{"Type": "A", "TTL": 30}]}
    registry = stage.discovery.create_service(Name="s", NamespaceId=namespace, DnsConfig=dns)["Service"]
    stage.service(serviceRegistries=[{"registryArn": registry["Arn"]}])
    instances = stage.discovery.list_instances(ServiceId=registry["Id"])["Instances"]
    addresses = {
        detail["value"]
        for task in stage.running()
        for detail in task["attachments"][0]["details"]
        if detail["name"] == "privateIPv4Address"
    }
    assert {instance["Attributes"]["AWS_INSTANCE_IPV4"] for instance in instances} == addresses
    stage.ecs.delete_service(cluster="c", service="s", force=True)
    assert stage.discovery.list_instances(ServiceId=registry["Id"])["Instances"] == []


def test_a_stopped_task_is_replaced(stage: Stage) -> None:
    stage.service()
    victim = stage.running()[0]["taskArn"]
    stage.ecs.stop_task(cluster="c", task=victim, reason="because")
    assert victim not in [task["taskArn"] for task in stage.running()]
    assert len(stage.running()) == 2
    assert (stage.stopped()[0]["stopCode"], stage.stopped()[0]["stoppedReason"]) == ("UserInitiated", "because")


def test_stopped_tasks_are_forgotten_after_an_hour(stage: Stage, clock: Clock) -> None:
    stage.service()
    stage.described()
    stage.update(desiredCount=0)
    assert len(stage.stopped()) == 2
    clock.advance(3601)
    assert stage.stopped() == []


def test_each_provider_gets_its_base_and_then_its_share(stage: Stage) -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 4},
    ]
    stage.service(capacityProviderStrategy=strategy, desiredCount=6)
    providers = [task["capacityProviderName"] for task in stage.running()]
    assert (providers.count("FARGATE"), providers.count("FARGATE_SPOT")) == (2, 4)
