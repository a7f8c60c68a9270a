"""Platforms that use what exists already: it is as it was after an apply, a correction and a destroy."""

from collections.abc import Mapping

import pytest
from crash.cloud import cloud, run
from crash.inventory import compare, take_inventory
from others import NO_SERVICES, OWN_CLUSTER, OWN_NETWORK, make_things, write
from support import client

from reconciler.sandbox import CALM

MADE_WITHIN = 300  # virtual seconds in which AWS makes a namespace


@pytest.mark.parametrize("own", [{}, OWN_NETWORK], ids=["everything", "all but the network"])
def test_what_exists_is_used_and_is_as_it_was_after_an_apply_a_correction_and_a_destroy(
    tmp_path, own: Mapping[str, str]
):
    with cloud(CALM) as clock:
        platform = write(tmp_path, make_things(MADE_WITHIN) | own)
        before = take_inventory(client)
        assert run(platform, clock).clean
        assert not run(platform, clock).todo.changes
        ecs = client("ecs")
        (service,) = ecs.describe_services(cluster="shared", services=["svc-web-shop-dev"])["services"]
        assert service["loadBalancers"][0]["containerPort"] == 8080
        definition = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        assert definition["executionRoleArn"].endswith(":role/starts")
        assert definition["taskRoleArn"].endswith(":role/runs")
        containers = {container["name"]: container for container in definition["containerDefinitions"]}
        assert containers["web"]["image"].endswith(".dkr.ecr.us-east-1.amazonaws.com/their/web:v1")
        groups = [c["logConfiguration"]["options"]["awslogs-group"] for c in containers.values()]
        assert groups == ["/shared/logs", "/shared/logs"]  # the X-Ray daemon's too
        assert not run(platform, clock, correct=True).todo.changes
        assert run(platform, clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


def test_what_the_file_has_left_in_things_of_others_is_deleted(tmp_path):
    with cloud(CALM) as clock:
        things = make_things(MADE_WITHIN)
        client("servicediscovery").create_service(Name="theirs", NamespaceId=things["NAMESPACE"])
        assert run(write(tmp_path, things), clock).clean
        clock.advance(3600)
        assert run(write(tmp_path, things | NO_SERVICES), clock).clean
        left = client("servicediscovery").list_services()["Services"]
        assert [service["Name"] for service in left] == ["theirs"]
        rules = client("elbv2").describe_rules(ListenerArn=things["LISTENER"])["Rules"]
        assert [rule["Priority"] for rule in rules] == ["5", "default"]
        assert client("ecs").list_services(cluster="shared")["serviceArns"] == []


def test_a_service_of_ours_in_a_cluster_that_left_the_file_is_deleted(tmp_path):
    with cloud(CALM) as clock:
        things = make_things(MADE_WITHIN) | OWN_NETWORK
        assert run(write(tmp_path, things), clock).clean
        assert run(write(tmp_path, things | OWN_CLUSTER), clock).clean
        left = client("ecs").describe_services(cluster="shared", services=["svc-web-shop-dev"])["services"]
        assert [service["status"] for service in left] == ["INACTIVE"]
