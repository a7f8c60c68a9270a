"""Services that listen on several ports, on UDP or on none, and clients that stay at one task."""

from pathlib import Path

import pytest
from support import client
from whole import applied, planned

from desired_state import Platform, load

FILE = """
platform: shop
environment: dev
suffix: dev
region: us-east-1
services: {web: {image: nginx, desired_count: 1, FIELDS}}
"""
ONE = "port: 8080, routes: [{priority: 1, paths: [/]}]"
SEVERAL = (
    "ports: {http: 8080, admin: 9090, dns: {port: 53, protocol: udp}}, "
    "routes: [{priority: 1, paths: [/], sticky: 1h}, {priority: 2, paths: [/admin], port: admin}]"
)
OTHER = (
    "ports: {http: 8081, admin: 9091}, "
    "routes: [{priority: 1, paths: [/], sticky: none}, {priority: 2, paths: [/admin], port: admin}]"
)
pytestmark = pytest.mark.usefixtures("aws")


def platform(folder: Path, fields: str) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("FIELDS", fields))
    return load(file, environ={})


def find_targets() -> dict[str, int]:
    """Return the port at which each target group reaches the tasks, by the group's name without its hash."""
    (service,) = client("ecs").describe_services(cluster="ecs-cluster-dev", services=["svc-web-dev"])[
        "services"
    ]
    return {
        target["targetGroupArn"].split("/")[1].rpartition("-")[0]: target["containerPort"]
        for target in service["loadBalancers"]
    }


def find_sticky(group: str) -> dict[str, str]:
    elb = client("elbv2")
    arns = [
        g["TargetGroupArn"]
        for g in elb.describe_target_groups()["TargetGroups"]
        if group in g["TargetGroupName"]
    ]
    told = elb.describe_target_group_attributes(TargetGroupArn=arns[0])["Attributes"]
    return {
        a["Key"].removeprefix("stickiness."): a["Value"] for a in told if a["Key"].startswith("stickiness.")
    }


def find_rules() -> set[tuple[str, int]]:
    """Return the protocols and first ports of the tasks' ingress."""
    groups = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["ecs-tasks-dev*"]}]
    )
    (group,) = groups["SecurityGroups"]
    return {(rule["IpProtocol"], rule["FromPort"]) for rule in group["IpPermissions"]}


def test_each_port_with_routes_has_a_target_group_and_udp_is_open_among_tasks(tmp_path):
    for fields, targets, udp in (
        (ONE, {"tg-web-dev": 8080}, False),
        (SEVERAL, {"tg-web-dev": 8080, "tg-web-admin-dev": 9090}, True),
        (OTHER, {"tg-web-dev": 8081, "tg-web-admin-dev": 9091}, False),
        (ONE, {"tg-web-dev": 8080}, False),
    ):
        applied(platform(tmp_path, fields))
        assert planned(platform(tmp_path, fields)).changes == ()
        assert find_targets() == targets
        assert (("udp", 53) in find_rules()) == udp
        assert {port for protocol, port in find_rules() if protocol == "tcp"} == {0, *targets.values()}


def test_a_client_stays_at_one_task_until_the_file_says_otherwise(tmp_path):
    applied(platform(tmp_path, SEVERAL))
    assert find_sticky("tg-web-dev") == {
        "enabled": "true",
        "type": "lb_cookie",
        "lb_cookie.duration_seconds": "3600",
        "app_cookie.cookie_name": "",
        "app_cookie.duration_seconds": "86400",
    }
    assert find_sticky("tg-web-admin-dev")["enabled"] == "false"
    todo = planned(platform(tmp_path, SEVERAL.replace(", sticky: 1h", "")))
    assert not todo.changes
    assert [found.key for found in todo.not_in_file] == ["services.NAME.routes.sticky"]
    applied(platform(tmp_path, OTHER))
    assert find_sticky("tg-web-dev")["enabled"] == "false"


def test_a_platform_without_ports_and_load_balancer_has_neither_names_nor_target_groups(tmp_path):
    file = tmp_path / "platform.yaml"
    file.write_text(FILE.replace("FIELDS", "port: none") + "load_balancer: none\n")
    worker = load(file, environ={})
    applied(worker)
    assert planned(worker).changes == ()
    assert client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert client("servicediscovery").list_services()["Services"] == []
    assert find_targets() == {}
    assert find_rules() == {("tcp", 0)}
