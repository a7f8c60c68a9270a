"""The resources that services need, created with boto3 and nothing else."""

from collections.abc import Callable
from typing import Any


class Stage:
    def __init__(self, client: Callable[[str], Any]) -> None:
        self.ecs = client("ecs")
        self.ec2 = client("ec2")
        self.elb = client("elbv2")
        self.discovery = client("servicediscovery")
        self.ecr = client("ecr")
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        self.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
        self.vpc = vpc
        self.subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for n, zone in enumerate("ab")
        ]
        self.group = self.ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=vpc)[
            "GroupId"
        ]
        self.network = {
            "awsvpcConfiguration": {
                "subnets": self.subnets,
                "securityGroups": [self.group],
                "assignPublicIp": "ENABLED",
            }
        }
        self.ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE", "FARGATE_SPOT"])
        self.task_definition = self.define()

    def define(self, image: str = "public.ecr.aws/nginx/nginx:latest", **environment: str) -> str:
        """Register a revision of family `t`, and return its ARN."""
        container = {
            "name": "app",
            "image": image,
            "portMappings": [{"containerPort": 8080}],
            "environment": [{"name": k, "value": v} for k, v in environment.items()],
        }
        return self.register([container])

    def register(self, containers: list[Any]) -> str:
        return str(
            self.ecs.register_task_definition(
                family="t",
                containerDefinitions=containers,
                requiresCompatibilities=["FARGATE"],
                networkMode="awsvpc",
                cpu="256",
                memory="512",
                executionRoleArn="arn:aws:iam::123456789012:role/execution",
            )["taskDefinition"]["taskDefinitionArn"]
        )

    def service(self, **fields: Any) -> Any:
        """Create service `s` with two tasks, and with these fields in addition or instead."""
        wanted = {
            "cluster": "c",
            "serviceName": "s",
            "taskDefinition": self.task_definition,
            "desiredCount": 2,
            "networkConfiguration": self.network,
        }
        if "capacityProviderStrategy" not in fields:
            wanted["launchType"] = "FARGATE"
        return self.ecs.create_service(**wanted | fields)["service"]

    def described(self, name: str = "s") -> Any:
        return self.ecs.describe_services(cluster="c", services=[name], include=["TAGS"])["services"][0]

    def update(self, **fields: Any) -> Any:
        return self.ecs.update_service(cluster="c", service="s", **fields)["service"]

    def balanced(self) -> str:
        """Create a target group that a listener forwards to, and return its ARN."""
        balancer = self.elb.create_load_balancer(Name="lb", Subnets=self.subnets)["LoadBalancers"][0]
        group = self.target_group()
        self.elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        return group

    def target_group(self, name: str = "tg") -> str:
        return str(
            self.elb.create_target_group(
                Name=name, Protocol="HTTP", Port=8080, VpcId=self.vpc, TargetType="ip"
            )["TargetGroups"][0]["TargetGroupArn"]
        )

    def stopped(self) -> list[Any]:
        arns = self.ecs.list_tasks(cluster="c", serviceName="s", desiredStatus="STOPPED")["taskArns"]
        return self.ecs.describe_tasks(cluster="c", tasks=arns)["tasks"] if arns else []

    def running(self) -> list[Any]:
        arns = self.ecs.list_tasks(cluster="c", serviceName="s")["taskArns"]
        return self.ecs.describe_tasks(cluster="c", tasks=arns)["tasks"] if arns else []
