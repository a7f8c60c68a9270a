"""Functions that create resources for tests of the embedded AWS, by AWS's own calls."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@cache
def client_of(service: str) -> Any:
    """Return one client for all tests: creating it takes longer than most tests."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.Session().client(service, region_name="us-east-1", **keys)


@dataclass
class Network:
    vpc: str
    subnets: list[str]
    group: str


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return refused.value.response["Error"]["Code"]


def make_network(ec2: Any, start: str) -> Network:
    vpc = ec2.create_vpc(CidrBlock=f"{start}.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"{start}.{i}.0/24", AvailabilityZone=f"us-east-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for i, zone in enumerate("ab")
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    group = ec2.create_security_group(GroupName="alb", Description="alb", VpcId=vpc)["GroupId"]
    return Network(vpc, subnets, group)


def make_alb(elb: Any, network: Network, name: str = "alb", **other: Any) -> str:
    settings = {"Subnets": network.subnets, "SecurityGroups": [network.group], **other}
    return elb.create_load_balancer(Name=name, **settings)["LoadBalancers"][0]["LoadBalancerArn"]


def make_group(elb: Any, network: Network, name: str = "web", **other: Any) -> str:
    settings = {"Protocol": "HTTP", "Port": 8080, "VpcId": network.vpc, "TargetType": "ip", **other}
    return elb.create_target_group(Name=name, **settings)["TargetGroups"][0]["TargetGroupArn"]


def forward(group: str) -> list[dict[str, Any]]:
    return [{"Type": "forward", "TargetGroupArn": group}]


ALARM = {
    "AlarmName": "alarm",
    "MetricName": "CPUUtilization",
    "Namespace": "AWS/ECS",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
NOT_FOUND = [
    {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
]


def make_listener(elb: Any, alb: str, actions: Any = NOT_FOUND, port: int = 80) -> str:
    made = elb.create_listener(LoadBalancerArn=alb, Protocol="HTTP", Port=port, DefaultActions=actions)
    return made["Listeners"][0]["ListenerArn"]


def make_rule(elb: Any, listener: str, actions: Any, priority: int = 1, **condition: Any) -> str:
    condition = condition or {"PathPatternConfig": {"Values": ["/api/*", "/"]}}
    made = elb.create_rule(
        ListenerArn=listener,
        Priority=priority,
        Actions=actions,
        Conditions=[{"Field": "path-pattern", **condition}],
    )
    return made["Rules"][0]["RuleArn"]
