"""ECS services on the embedded AWS: created, drifted, corrected, removed."""

from collections.abc import Callable
from typing import Any

import pytest
from balancing import DELAY, group
from services import (
    CLUSTER,
    REPOSITORY,
    SERVICE,
    balanced,
    described,
    image,
    platform,
    service,
    update,
    vpc_id,
)
from support import Counted, client, differences, live_of, look, see, settle

from reconciler.model.tags import NAME
from reconciler.resources.ecs_service import KIND
from reconciler.resources.ecs_service.spec import TASKS_STOP_WITHIN


def spot_only() -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    update(capacityProviderStrategy=strategy, forceNewDeployment=True)


def network(**fields: Any) -> None:
    now = described()["networkConfiguration"]["awsvpcConfiguration"]
    update(networkConfiguration={"awsvpcConfiguration": {**now, **fields}})


def no_public_address() -> None:
    """Leave the tasks endpoints of the VPC as their ways to the registry and the log group."""
    groups = another_group()
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    client("ec2").authorize_security_group_ingress(GroupId=groups[0], IpPermissions=[https])
    for name in ("ecr.api", "ecr.dkr", "s3", "logs"):
        client("ec2").create_vpc_endpoint(
            VpcId=vpc_id(),
            ServiceName=f"com.amazonaws.us-east-1.{name}",
            VpcEndpointType="Interface",
            SubnetIds=described()["networkConfiguration"]["awsvpcConfiguration"]["subnets"][:1],
            SecurityGroupIds=groups,
        )
    network(assignPublicIp="DISABLED")


def another_group() -> list[str]:
    made = client("ec2").create_security_group(GroupName="other", Description="other", VpcId=vpc_id())
    return [made["GroupId"]]


def push(text: str) -> str:
    """Push an image, as CI does."""
    manifest = client("ecr").batch_get_image(repositoryName=REPOSITORY, imageIds=[{"imageTag": "latest"}])[
        "images"
    ][0]["imageManifest"]
    put = client("ecr").put_image(
        repositoryName=REPOSITORY, imageManifest=manifest.replace("1470", text), imageTag="latest"
    )
    return str(put["image"]["imageId"]["imageDigest"])


@pytest.mark.usefixtures("aws")
class TestOnAws:
    def test_it_is_made_and_nothing_is_left_to_do_and_it_is_removed(self):
        assert f"create ecs_service.{SERVICE}" in settle(balanced())
        assert described()["runningCount"] == 2
        assert f"delete ecs_service.{SERVICE}" in settle([], balanced())
        assert look(balanced()) == []

    @pytest.mark.parametrize(("first", "then"), [(100, 200), (200, 100)])
    def test_it_may_be_kept_from_exceeding_its_count_and_back(self, first: int, then: int):
        settle(platform(service(maximum_percent=first)))
        assert settle(platform(service(maximum_percent=then))) == [f"update ecs_service.{SERVICE}"]

    def test_ecs_exec_can_enter_each_task_after_it_was_switched_on(self):
        settle(platform())
        settle(platform(service(execute_command=True)))
        arns = client("ecs").list_tasks(cluster=CLUSTER)["taskArns"]
        tasks = client("ecs").describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"]
        assert [task["enableExecuteCommand"] for task in tasks] == [True, True]

    def test_its_removal_is_waited_for_as_long_as_its_load_balancer_lets_requests_end(self):
        slow = group(attributes={DELAY: "900"})
        settle(balanced(slow))
        (found,) = live_of(KIND, balanced(slow))
        assert found.spec.stops_within == TASKS_STOP_WITHIN + 900

    @pytest.mark.parametrize(
        ("field", "drift"),
        [
            ("desired_count", lambda: update(desiredCount=5)),
            ("capacity_providers", spot_only),
            ("public_address", no_public_address),
            ("security_groups", lambda: network(securityGroups=another_group())),
            (
                "minimum_healthy_percent",
                lambda: update(deploymentConfiguration={"minimumHealthyPercent": 100}),
            ),
            ("maximum_percent", lambda: update(deploymentConfiguration={"maximumPercent": 150})),
            (
                "circuit_breaker",
                lambda: update(
                    deploymentConfiguration={"deploymentCircuitBreaker": {"enable": False, "rollback": False}}
                ),
            ),
            ("propagate_tags", lambda: update(propagateTags="NONE")),
            ("managed_tags", lambda: update(enableECSManagedTags=False)),
            ("execute_command", lambda: update(enableExecuteCommand=True)),
            ("images", lambda: push("1471")),
            (
                "tags",
                lambda: client("ecs").tag_resource(
                    resourceArn=described()["serviceArn"], tags=[{"key": NAME, "value": "another"}]
                ),
            ),
        ],
    )
    def test_drift_is_found_and_put_right(self, field: str, drift: Callable[[], Any]):
        wanted = platform(service(desired_count=2))
        settle(wanted)
        drift()
        assert differences(see(wanted)) == {f"ecs_service.{SERVICE}": [field]}
        settle(wanted)

    @pytest.mark.parametrize(
        ("field", "drift"),
        [
            ("targets", {"loadBalancers": []}),
            ("registries", {"serviceRegistries": []}),
            ("grace_period", {"healthCheckGracePeriodSeconds": 5}),
        ],
    )
    def test_drift_of_what_stands_around_it_is_found_and_put_right(self, field: str, drift: Any):
        settle(balanced())
        update(**drift)
        assert field in differences(see(balanced()))[f"ecs_service.{SERVICE}"]
        settle(balanced())

    def test_it_leaves_its_load_balancer_before_that_goes(self):
        settle(balanced())
        settle(platform(), balanced())
        assert described()["loadBalancers"] == []

    def test_a_count_that_scaling_owns_is_left_to_it(self):
        settle(platform())
        update(desiredCount=7)
        assert not see(platform()).changes

    def test_a_push_is_a_deployment(self):
        settle(platform())
        before = described()["deployments"][0]["id"]
        digest = push("1471")
        todo = see(platform())
        assert todo.changes[0].fields[0].want == frozenset({image().ref()})
        settle(platform())
        running = described()
        assert running["deployments"][0]["id"] != before
        revision = running["currentServiceRevisions"][0]["arn"]
        told = client("ecs").describe_service_revisions(serviceRevisionArns=[revision])["serviceRevisions"][0]
        assert told["containerImages"][0]["imageDigest"] == digest

    def test_a_tag_that_was_deleted_is_no_difference(self):
        settle(platform())
        client("ecr").batch_delete_image(repositoryName=REPOSITORY, imageIds=[{"imageTag": "latest"}])
        assert not see(platform()).changes

    def test_a_strangers_service_is_left_alone(self):
        settle([s for s in platform() if s.kind != "ecs_service"])
        client("ecs").create_service(**stranger(SERVICE))
        [conflict] = see(platform()).conflicts
        assert "does not carry this stack's tags" in conflict.why

    def test_a_strangers_service_in_our_cluster_is_reported(self):
        settle(platform())
        client("ecs").create_service(**stranger("by-hand"))
        todo = see(platform())
        assert ([live.spec.name for live in todo.foreign], todo.changes) == (["by-hand"], ())

    def test_eleven_services_are_asked_for_in_tens(self):
        settle(platform())
        for number in range(10):
            client("ecs").create_service(**stranger(f"s-{number}"))
        with Counted() as asked:
            assert len(live_of(KIND, platform())) == 11
        assert (asked["ListServices"], asked["DescribeServices"]) == (1, 2)


def stranger(name: str) -> dict[str, Any]:
    subnets = [s["SubnetId"] for s in client("ec2").describe_subnets()["Subnets"][:1]]
    network = {"awsvpcConfiguration": {"subnets": subnets}}
    cpu = {"cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    app = [{"name": "app", "image": "app:1"}]
    client("ecs").register_task_definition(family="strange", containerDefinitions=app, **cpu)
    return {
        "cluster": CLUSTER,
        "serviceName": name,
        "taskDefinition": "strange",
        "desiredCount": 0,
        "launchType": "FARGATE",
        "networkConfiguration": network,
    }
