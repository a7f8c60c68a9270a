"""What a task reaches: over a gateway, NAT or endpoints, as far as its groups let it."""

from collections.abc import Callable
from typing import Any

import pytest
from stage import Stage

ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo:latest"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


@pytest.fixture
def stage(client: Any) -> Stage:
    stage = Stage(client)
    stage.ecr.create_repository(repositoryName="repo")
    return stage


def ending(stage: Stage, image: str, *, public: bool = False) -> str:
    """Run a task in the first subnet, and return why it stopped; an empty string if it runs."""
    network = {"subnets": stage.subnets[:1], "securityGroups": [stage.group]}
    network["assignPublicIp"] = "ENABLED" if public else "DISABLED"
    (task,) = stage.ecs.run_task(
        cluster="c",
        taskDefinition=stage.define(image=image),
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )["tasks"]
    (told,) = stage.ecs.describe_tasks(cluster="c", tasks=[task["taskArn"]])["tasks"]
    return str(told.get("stoppedReason", ""))


def give_nat(stage: Stage) -> None:
    """Route the first subnet over a NAT gateway in the second."""
    address = stage.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = stage.ec2.create_nat_gateway(SubnetId=stage.subnets[1], AllocationId=address)["NatGateway"]
    table = stage.ec2.create_route_table(VpcId=stage.vpc)["RouteTable"]["RouteTableId"]
    stage.ec2.associate_route_table(RouteTableId=table, SubnetId=stage.subnets[0])
    stage.ec2.create_route(
        RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat["NatGatewayId"]
    )


def give_endpoints(stage: Stage, *services: str) -> None:
    for service in services:
        name = f"com.amazonaws.us-east-1.{service}"
        if service == "s3":
            tables = stage.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [stage.vpc]}])
            ids = [table["RouteTableId"] for table in tables["RouteTables"]]
            stage.ec2.create_vpc_endpoint(VpcId=stage.vpc, ServiceName=name, RouteTableIds=ids)
            continue
        stage.ec2.create_vpc_endpoint(
            VpcId=stage.vpc,
            ServiceName=name,
            VpcEndpointType="Interface",
            SubnetIds=stage.subnets[:1],
            SecurityGroupIds=[stage.group],
            PrivateDnsEnabled=True,
        )


def let_own_group_in(stage: Stage) -> None:
    peer = {"UserIdGroupPairs": [{"GroupId": stage.group}]}
    stage.ec2.authorize_security_group_ingress(GroupId=stage.group, IpPermissions=[HTTPS | peer])


def three_endpoints(stage: Stage) -> None:
    give_endpoints(stage, "ecr.api", "ecr.dkr", "s3")
    let_own_group_in(stage)


def no_s3(stage: Stage) -> None:
    give_endpoints(stage, "ecr.api", "ecr.dkr")
    let_own_group_in(stage)


def no_dkr(stage: Stage) -> None:
    give_endpoints(stage, "ecr.api", "s3")
    let_own_group_in(stage)


def nat_without_dns(stage: Stage) -> None:
    give_nat(stage)
    stage.ec2.modify_vpc_attribute(VpcId=stage.vpc, EnableDnsSupport={"Value": False})


def nothing(stage: Stage) -> None:
    pass


def closed_endpoints(stage: Stage) -> None:
    give_nat(stage)
    give_endpoints(stage, "ecr.api")


NO_TOKEN = "The task cannot pull registry auth from Amazon ECR: There is a connection issue"


@pytest.mark.parametrize(
    ("prepare", "image", "reason"),
    [
        (nothing, ECR, NO_TOKEN),
        (nothing, "nginx", "failed to resolve ref nginx: failed to do request"),
        (give_nat, ECR, ""),
        (give_nat, "nginx", ""),
        (nat_without_dns, "nginx", "CannotPullContainerError"),
        (three_endpoints, ECR, ""),
        (three_endpoints, "nginx", "CannotPullContainerError"),
        (no_s3, ECR, "from Amazon S3"),
        (no_dkr, ECR, "CannotPullContainerError"),
        (closed_endpoints, ECR, NO_TOKEN),
    ],
)
def test_a_private_task_gets_its_image_over_nat_or_endpoints(
    stage: Stage, prepare: Callable[[Stage], None], image: str, reason: str
) -> None:
    prepare(stage)
    why = ending(stage, image)
    assert reason in why
    assert bool(reason) == bool(why)


def test_groups_must_let_a_task_out(stage: Stage) -> None:
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    stage.ec2.revoke_security_group_egress(GroupId=stage.group, IpPermissions=[everything])
    assert "i/o timeout" in ending(stage, "nginx", public=True)
    anywhere = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    stage.ec2.authorize_security_group_egress(GroupId=stage.group, IpPermissions=[HTTPS | anywhere])
    assert ending(stage, "nginx", public=True) == ""


def test_a_role_must_trust_tasks_and_a_denial_counts(stage: Stage) -> None:
    denial = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "ecr:BatchGetImage", "Resource": "*"}]}'
    stage.iam.put_role_policy(RoleName="execution", PolicyName="no", PolicyDocument=denial)
    assert "is not authorized to perform: ecr:BatchGetImage" in ending(stage, ECR, public=True)
    lambdas = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},'
    stage.iam.update_assume_role_policy(
        RoleName="execution", PolicyDocument=f'{lambdas} "Action": "sts:AssumeRole"}}]}}'
    )
    with pytest.raises(stage.ecs.exceptions.ClientException, match="unable to assume the role"):
        ending(stage, ECR, public=True)
