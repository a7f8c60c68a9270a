"""The resources that services need, created with boto3 and nothing else."""

import json
from collections.abc import Callable
from typing import Any

ROLE = "arn:aws:iam::123456789012:role/execution"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
FROM_BALANCERS = {
    "IpProtocol": "tcp",
    "FromPort": 8080,
    "ToPort": 8080,
    "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
}


class Stage:
    """A cluster `c`, a network and a task definition.

    Unless `ready` is false, tasks have what they need to start: an execution role that pulls images, a route to
    the registries, and a group that lets load balancers in.
    """

    def __init__(self, client: Callable[[str], Any], *, ready: bool = True) -> None:
        self.ecs = client("ecs")
        self.iam = client("iam")
        self.ec2 = client("ec2")
        self.elb = client("elbv2")
        self.discovery = client("servicediscovery")
        self.ecr = client("ecr")
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.gateway = gateway
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
        if ready:
            self.give_role()
            self.permit_pulls()
            self.give_route()
            self.let_balancers_in()

    def give_role(self) -> None:
        """Create the execution role of the task definitions, without permissions."""
        document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        self.iam.create_role(RoleName="execution", AssumeRolePolicyDocument=document)

    def permit_pulls(self) -> None:
        self.iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION)

    def give_route(self) -> None:
        """Route what leaves the VPC to its gateway."""
        tables = self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])
        self.ec2.create_route(
            RouteTableId=tables["RouteTables"][0]["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=self.gateway,
        )

    def let_balancers_in(self) -> None:
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[FROM_BALANCERS])

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
                executionRoleArn=ROLE,
                taskRoleArn=ROLE,
            )["taskDefinition"]["taskDefinitionArn"]
        )

    def service(self, **fields: Any) -> Any:
        """Create service `s` with two tasks, and with these fields in addition or instead; None: without it."""
        wanted = {
            "cluster": "c",
            "serviceName": "s",
            "taskDefinition": self.task_definition,
            "desiredCount": 2,
            "networkConfiguration": self.network,
        }
        if "capacityProviderStrategy" not in fields:
            wanted["launchType"] = "FARGATE"
        given = {name: value for name, value in (wanted | fields).items() if value is not None}
        return self.ecs.create_service(**given)["service"]

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
