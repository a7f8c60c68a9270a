"""Platforms that use what exists already: it is as it was after an apply, a correction and a destroy."""

import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from crash.cloud import cloud, run
from crash.inventory import compare, take_inventory
from issued import issue_certificate
from support import client
from whole import planned

from desired_state import LoadError, Platform, load
from reconciler.sandbox import CALM
from reconciler.sandbox.ecr.images import manifest

FILE = """
platform: shop
environment: dev
region: us-east-1
network: {existing: {vpc: VPC, subnets: {public: PUBLIC}}}
discovery: {existing: NAMESPACE}
cluster: {existing: CLUSTER}
load_balancer: {existing: BALANCER, listeners: {theirs: {existing: LISTENER}}}
service_defaults:
  roles: {execution: EXECUTION, task: TASK}
  logs: {existing: LOGS}
services:
  web: {image: {repository: REPOSITORY, tag: v1}, desired_count: 1, tracing: none, routes: ROUTES}
"""
MADE_WITHIN = 300  # virtual seconds in which AWS makes a namespace
SERVICE = FILE[FILE.index("services:") :].rstrip()
OLDEST = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9}


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def make_network(wait: int) -> dict[str, str]:
    """Make somebody's VPC with two public subnets and a private namespace."""
    ec2, discovery = client("ec2"), client("servicediscovery")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    subnets = []
    for zone in "ab":
        placed = {"CidrBlock": f"10.9.{ord(zone)}.0/24", "AvailabilityZone": f"us-east-1{zone}"}
        subnets.append(ec2.create_subnet(VpcId=vpc, **placed)["Subnet"]["SubnetId"])
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[-1])
    discovery.create_private_dns_namespace(Name="their.local", Vpc=vpc)
    time.sleep(wait)
    (namespace,) = discovery.list_namespaces()["Namespaces"]
    return {
        "VPC": vpc,
        "PUBLIC": f"[{', '.join(subnets)}]",
        "NAMESPACE": namespace["Id"],
        **make_load_balancer(vpc, subnets),
    }


def make_load_balancer(vpc: str, subnets: list[str]) -> dict[str, str]:
    """Make somebody's load balancer, with a listener that has a rule."""
    ec2, elb = client("ec2"), client("elbv2")
    group = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)["GroupId"]
    made = elb.create_load_balancer(Name="theirs", Subnets=subnets, SecurityGroups=[group])
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    door = {"LoadBalancerArn": balancer, "Port": 8000, "Protocol": "HTTP", "DefaultActions": [answer]}
    listener = elb.create_listener(**door)["Listeners"][0]["ListenerArn"]
    path = {"Field": "path-pattern", "Values": ["/theirs"]}
    elb.create_rule(ListenerArn=listener, Priority=5, Conditions=[path], Actions=[answer])
    return {"BALANCER": balancer, "LISTENER": listener, "ROUTES": "[{priority: 1, paths: [/web]}]"}


def make_things(wait: int = 0) -> dict[str, str]:
    """Make somebody's things; return their ids by the words that stand for them in the file."""
    iam, ecr = client("iam"), client("ecr")
    client("ecs").create_cluster(clusterName="shared", capacityProviders=["FARGATE"])
    trusted = {"AssumeRolePolicyDocument": trust("ecs-tasks.amazonaws.com")}
    roles = {name: iam.create_role(RoleName=name, **trusted)["Role"]["Arn"] for name in ("starts", "runs")}
    pulls = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    iam.attach_role_policy(RoleName="starts", PolicyArn=pulls)
    client("logs").create_log_group(logGroupName="/shared/logs")
    ecr.create_repository(repositoryName="their/web")
    rule = {"rulePriority": 1, "selection": OLDEST, "action": {"type": "expire"}}
    ecr.put_lifecycle_policy(repositoryName="their/web", lifecyclePolicyText=json.dumps({"rules": [rule]}))
    ecr.put_image(repositoryName="their/web", imageManifest=manifest("their/web:v1"), imageTag="v1")
    return make_network(wait) | {
        "CLUSTER": "shared",
        "EXECUTION": roles["starts"],
        "TASK": roles["runs"],
        "LOGS": "/shared/logs",
        "REPOSITORY": "their/web",
    }


def write(folder: Path, things: Mapping[str, str]) -> Platform:
    """Return the platform of the file, with these ids in it."""
    file, text = folder / "platform.yaml", FILE
    for word, own_id in sorted(things.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(word, own_id)
    file.write_text(text)
    return load(file, environ={})


def test_what_exists_is_used_and_is_as_it_was_after_an_apply_a_correction_and_a_destroy(tmp_path):
    with cloud(CALM) as clock:
        platform = write(tmp_path, make_things(MADE_WITHIN))
        before = take_inventory(client)
        assert run(platform, clock).clean
        assert not run(platform, clock).todo.changes
        ecs = client("ecs")
        (service,) = ecs.describe_services(cluster="shared", services=["svc-web-shop-dev"])["services"]
        definition = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        (container,) = definition["containerDefinitions"]
        assert container["image"].endswith(".dkr.ecr.us-east-1.amazonaws.com/their/web:v1")
        assert container["logConfiguration"]["options"]["awslogs-group"] == "/shared/logs"
        assert [definition[key].rpartition("/")[2] for key in ("executionRoleArn", "taskRoleArn")] == [
            *("starts", "runs")
        ]
        assert service["loadBalancers"][0]["containerPort"] == 8080
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
        assert run(write(tmp_path, things | {SERVICE: "services: {}"}), clock).clean
        left = client("servicediscovery").list_services()["Services"]
        assert [service["Name"] for service in left] == ["theirs"]
        rules = client("elbv2").describe_rules(ListenerArn=things["LISTENER"])["Rules"]
        assert [rule["Priority"] for rule in rules] == ["5", "default"]
        assert client("ecs").list_services(cluster="shared")["serviceArns"] == []


@pytest.mark.parametrize(
    ("word", "wrong", "told"),
    [
        ("CLUSTER", "shard", "7:11: cluster.existing: there is no active cluster shard in us-east-1"),
        ("NAMESPACE", "ns-gone", "6:13: discovery.existing: there is no namespace ns-gone in us-east-1"),
        ("LOGS", "/gone", "11:10: service_defaults.logs.existing: there is no log group /gone in us-east-1"),
        (
            "REPOSITORY",
            "their/wob",
            "13:17: services.web.image.repository: there is no repository their/wob in us-east-1; did you mean",
        ),
        (
            "TASK",
            "arn:aws:iam::123456789012:role/gone",
            "there is no role arn:aws:iam::123456789012:role/gone in this account",
        ),
        ("EXECUTION", "SCHEDULES", "does not trust ecs-tasks.amazonaws.com, so that no task can have it"),
        ("NAMESPACE", "ELSEWHERE", "is seen in vpc-"),
        ("LISTENER", "GONE", "theirs.existing: there is no listener arn:aws:elasticloadbalancing:"),
        ("LISTENER", "REDIRECT", "services.web.routes[0]: names no listener, and theirs redirects; write"),
        ("CLUSTER", "EMPTY", "cluster empty has no FARGATE; it has none"),
    ],
)
def test_what_cannot_do_what_the_file_asks_is_told_with_its_line_before_any_write(
    aws, tmp_path, word, wrong, told
):
    things = make_things()
    with pytest.raises(LoadError) as failed:
        planned(write(tmp_path, things | {word: make_wrong(wrong, things)}))
    assert told in str(failed.value)
    assert "platform.yaml:" in str(failed.value)


def make_wrong(word: str, things: Mapping[str, str]) -> str:
    """Make what exists and does not do, and return its id; another word is an id already."""
    match word:
        case "SCHEDULES":
            trusted = trust("scheduler.amazonaws.com")
            return str(client("iam").create_role(RoleName="s", AssumeRolePolicyDocument=trusted)["Role"]["Arn"])
        case "ELSEWHERE":
            vpc = client("ec2").create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
            client("servicediscovery").create_private_dns_namespace(Name="other.local", Vpc=vpc)
            found = client("servicediscovery").list_namespaces()["Namespaces"]
            return str(next(n["Id"] for n in found if n["Name"] == "other.local"))
        case "GONE":
            return things["LISTENER"].rpartition("/")[0] + "/0a"
        case "REDIRECT":
            answer = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
            door = {"LoadBalancerArn": things["BALANCER"], "Port": 8001, "Protocol": "HTTP"}
            made = client("elbv2").create_listener(**door, DefaultActions=[answer])
            return str(made["Listeners"][0]["ListenerArn"])
        case "EMPTY":
            client("ecs").create_cluster(clusterName="empty")
            return "empty"
    return word


def test_a_listener_that_exists_has_a_certificate_for_the_hosts_of_its_routes(aws, tmp_path):
    things, elb, issued = (
        make_things(),
        client("elbv2"),
        partial(issue_certificate, client("acm"), client("route53")),
    )
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    door = {"LoadBalancerArn": things["BALANCER"], "Port": 443, "Protocol": "HTTPS", "DefaultActions": [answer]}
    made = elb.create_listener(**door, Certificates=[{"CertificateArn": issued("a.example.com")}])
    listener = made["Listeners"][0]["ListenerArn"]
    routes = "[{priority: 1, hosts: [a.example.com, b.example.com]}]"
    with pytest.raises(LoadError, match=r"hosts: no certificate of theirs is for b\.example\.com"):
        planned(write(tmp_path, things | {"LISTENER": listener, "ROUTES": routes}))
    further = [{"CertificateArn": issued("b.example.com")}]
    elb.add_listener_certificates(ListenerArn=listener, Certificates=further)
    assert not planned(write(tmp_path, things | {"LISTENER": listener, "ROUTES": routes})).conflicts
