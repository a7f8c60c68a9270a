"""What exists already and a file names: it is checked before any write, used, and never changed."""

import json
from pathlib import Path

import pytest
from crash.cloud import cloud, run
from crash.inventory import compare, take_inventory
from support import client
from whole import planned

from desired_state import LoadError, Platform, load
from reconciler.sandbox import CALM

MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"size": 1, "digest": f"sha256:{'a' * 64}"},
        "layers": [],
    }
)
ROLE = "arn:aws:iam::123456789012:role"
FILE = """
platform: shop
environment: dev
region: us-east-1
cluster: {existing: shared, capacity_providers: {FARGATE_SPOT: {weight: 1}}}
service_defaults:
  roles: {execution: "arn:aws:iam::123456789012:role/start", task: "arn:aws:iam::123456789012:role/work"}
  logs: {existing: /shared/logs}
services:
  web:
    image: {uri: nginx}
    routes: [{priority: 1, paths: ["/*"]}]
    scaling: {max: 2, cpu: 50}
    tracing: {xray: {}}
"""


def platform(folder: Path, change: tuple[str, str] = ("", "")) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace(*change) if change[0] else FILE)
    return load(file, environ={})


def make_parts(trusted: str = "ecs-tasks.amazonaws.com", action: str = "sts:AssumeRole") -> None:
    """Make somebody's cluster with a service of theirs, roles and a log group."""
    client("ecs").create_cluster(clusterName="shared", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    client("logs").create_log_group(logGroupName="/shared/logs")
    statement = {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": action}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for role in ("start", "work"):
        client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    managed = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    client("iam").attach_role_policy(RoleName="start", PolicyArn=managed)


def test_they_are_as_they_were_after_an_apply_and_a_destroy(tmp_path):
    with cloud(CALM) as clock:
        make_parts()
        before = take_inventory(client)
        shop = platform(tmp_path)
        assert run(shop, clock).clean
        assert not run(shop, clock).todo.changes
        (service,) = client("ecs").describe_services(cluster="shared", services=["svc-web-shop-dev"])[
            "services"
        ]
        definition = client("ecs").describe_task_definition(taskDefinition=service["taskDefinition"])
        found = definition["taskDefinition"]
        assert (found["executionRoleArn"], found["taskRoleArn"]) == (f"{ROLE}/start", f"{ROLE}/work")
        groups = {c["logConfiguration"]["options"]["awslogs-group"] for c in found["containerDefinitions"]}
        assert groups == {"/shared/logs"}
        assert run(shop, clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


def test_a_service_of_ours_in_a_cluster_that_left_the_file_is_found(tmp_path):
    with cloud(CALM) as clock:
        make_parts()
        assert run(platform(tmp_path), clock).clean
        moved = run(platform(tmp_path, ("existing: shared, ", "")), clock)
        assert moved.clean
        left = client("ecs").describe_services(cluster="shared", services=["svc-web-shop-dev"])["services"]
        assert [service["status"] for service in left] == ["INACTIVE"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("existing: shared", "existing: other"),
            "5:11: cluster.existing: there is no active cluster other in us-east-1",
        ),
        (("role/start", "role/none"), f"roles.execution: there is no role {ROLE}/none in this account"),
        (("/shared/logs", "/other"), "logs.existing: there is no log group /other in us-east-1"),
    ],
)
def test_what_is_not_there_is_told_with_its_line_before_any_write(aws, tmp_path, change, message):
    make_parts()
    with pytest.raises(LoadError) as failed:
        planned(platform(tmp_path, change))
    assert message in str(failed.value)


@pytest.mark.parametrize(
    ("trusted", "action"),
    [("ec2.amazonaws.com", "sts:AssumeRole"), ("ecs-tasks.amazonaws.com", "sts:TagSession")],
)
def test_a_role_that_no_task_can_have_is_told(aws, tmp_path, trusted, action):
    make_parts(trusted, action)
    with pytest.raises(LoadError, match=r"role/work does not trust ecs-tasks\.amazonaws\.com"):
        planned(platform(tmp_path))


@pytest.mark.parametrize("place", ["us-east-1:999999999999", "eu-west-1:123456789012"])
def test_a_cluster_of_another_account_or_region_is_told(aws, tmp_path, place):
    make_parts()
    elsewhere = ("existing: shared", f'existing: "arn:aws:ecs:{place}:cluster/shared"')
    with pytest.raises(LoadError, match=rf"5:11: cluster\.existing: there is no cluster arn:aws:ecs:{place}"):
        planned(platform(tmp_path, elsewhere))


def test_two_services_may_take_one_image_from_a_repository_that_exists(tmp_path):
    with cloud(CALM) as clock:
        make_parts()
        repository = client("ecr").create_repository(repositoryName="base")["repository"]
        image = f"image: {{repository: {repository['repositoryName']}, tag: v1}}"
        both = ("    image: {uri: nginx}", f"    {image}")
        (tmp_path / "platform.yaml").write_text(FILE.replace(*both) + f"  mail: {{{image}, port: none}}\n")
        shop = load(tmp_path / "platform.yaml", environ={})
        client("ecr").put_image(repositoryName="base", imageTag="v1", imageManifest=MANIFEST)
        assert run(shop, clock).clean
        assert not run(shop, clock).todo.changes


def test_a_capacity_provider_that_the_cluster_lacks_is_told(aws, tmp_path):
    make_parts()
    client("ecs").put_cluster_capacity_providers(
        cluster="shared", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )
    with pytest.raises(LoadError, match="cluster shared has no FARGATE_SPOT; it has FARGATE"):
        planned(platform(tmp_path))
