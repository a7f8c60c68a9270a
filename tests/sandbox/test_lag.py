import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import NOT_FOUND, client_of, code_of, make_alb, make_group, make_listener, make_network

from reconciler.sandbox import CALM, Clock, install

LAGGING = replace(CALM, name="lagging", lag=8)
SLOW_IAM = replace(CALM, name="slow iam", iam_propagation=10)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
    ],
}


@pytest.fixture
def lagging(aws, clock: Clock) -> None:
    install(LAGGING, clock=clock, seed=1)


def looks(read: Callable[[], bool]) -> set[bool]:
    """Read twenty times at the same moment, and return the results."""
    return {read() for _ in range(20)}


def is_refused(call: Callable[[], Any], code: str) -> bool:
    try:
        call()
    except ClientError as refused:
        assert refused.response["Error"]["Code"] == code  # noqa: PT017 - any other code is a failure
        return True
    return False


def make_vpc() -> str:
    return client_of("ec2").create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]


def sees_vpc(vpc: str) -> bool:
    filters = [{"Name": "cidr", "Values": ["10.7.0.0/16"]}]
    return vpc in [v["VpcId"] for v in client_of("ec2").describe_vpcs(Filters=filters)["Vpcs"]]


def test_reads_of_a_new_thing_differ_until_it_has_settled(lagging, clock):
    vpc = make_vpc()
    assert looks(lambda: sees_vpc(vpc)) == {False, True}
    clock.advance(LAGGING.lag)
    assert looks(lambda: sees_vpc(vpc)) == {True}


def test_a_new_thing_asked_for_by_id_may_not_be_found(lagging, clock):
    vpc = make_vpc()
    read = lambda: is_refused(lambda: client_of("ec2").describe_vpcs(VpcIds=[vpc]), "InvalidVpcID.NotFound")  # noqa: E731
    assert looks(read) == {False, True}
    clock.advance(LAGGING.lag)
    assert looks(read) == {False}


def test_a_write_may_be_told_that_what_it_names_is_not_there(lagging, clock):
    vpc = make_vpc()
    change = lambda: client_of("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})  # noqa: E731
    assert looks(lambda: is_refused(change, "InvalidVpcID.NotFound")) == {False, True}


def test_a_delete_is_not_told_so(lagging):
    delete = lambda: is_refused(lambda: client_of("ec2").delete_vpc(VpcId=make_vpc()), "InvalidVpcID.NotFound")  # noqa: E731
    assert looks(delete) == {False}


def test_chance_repeats_with_the_seed(aws, clock):
    seen = []
    for _ in range(2):
        install(LAGGING, clock=clock, seed=3)
        vpc = make_vpc()
        seen.append([sees_vpc(vpc) for _ in range(10)])
        clock.advance(LAGGING.lag)
        client_of("ec2").delete_vpc(VpcId=vpc)
    assert seen[0] == seen[1]


def test_a_calm_aws_shows_everything_at_once(aws):
    vpc = make_vpc()
    assert looks(lambda: sees_vpc(vpc)) == {True}


def make_service() -> None:
    ecs = client_of("ecs")
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(
        family="f", containerDefinitions=[{"name": "w", "image": "nginx", "memory": 128}]
    )
    ecs.create_service(cluster="c", serviceName="s", taskDefinition="f", desiredCount=1)


def test_a_new_service_may_be_missing(lagging):
    make_service()
    read = lambda: client_of("ecs").describe_services(cluster="c", services=["s"])["failures"]  # noqa: E731
    assert looks(lambda: bool(read())) == {False, True}
    assert {f["reason"] for _ in range(20) for f in read()} == {"MISSING"}


def test_a_new_service_may_be_unknown_to_scaling(lagging):
    make_service()
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/c/s",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    register = lambda: client_of("application-autoscaling").register_scalable_target(  # noqa: E731
        MinCapacity=1, MaxCapacity=2, **target
    )
    assert looks(lambda: is_refused(register, "ValidationException")) == {False, True}


def test_a_new_role_may_not_be_found(lagging):
    client_of("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    assert looks(lambda: is_refused(lambda: client_of("iam").get_role(RoleName="r"), "NoSuchEntity")) == {
        False,
        True,
    }


def test_a_new_lifecycle_policy_may_not_be_found(lagging):
    ecr = client_of("ecr")
    ecr.create_repository(repositoryName="repo")
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}
    rules = {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
    ecr.put_lifecycle_policy(repositoryName="repo", lifecyclePolicyText=json.dumps(rules))
    read = lambda: ecr.get_lifecycle_policy(repositoryName="repo")  # noqa: E731
    assert looks(lambda: is_refused(read, "LifecyclePolicyNotFoundException")) == {False, True}


def test_a_new_subnet_may_be_unknown_to_load_balancing(lagging):
    ec2, elb, vpc = client_of("ec2"), client_of("elbv2"), make_vpc()
    make = lambda: ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.0.0/24", AvailabilityZone="us-east-1a")  # noqa: E731
    while is_refused(make, "InvalidVpcID.NotFound"):
        continue
    mine = [s["SubnetId"] for _ in range(20) for s in ec2.describe_subnets()["Subnets"] if s["VpcId"] == vpc]
    make_alone = lambda: elb.create_load_balancer(Name="alb", Subnets=mine[:1])  # noqa: E731
    codes = {error_code(make_alone) for _ in range(20)}
    assert codes == {"SubnetNotFound", "ValidationError"}  # not there, or one of two


def error_code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return code_of(refused)


def test_a_new_namespace_may_be_left_out_of_the_list(aws, clock):
    vpc, cloud_map = make_vpc(), client_of("servicediscovery")
    client_of("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    install(LAGGING, clock=clock, seed=1)
    cloud_map.create_private_dns_namespace(Name="a.local", Vpc=vpc)
    assert looks(lambda: bool(cloud_map.list_namespaces()["Namespaces"])) == {False, True}


def test_a_new_target_group_and_a_new_listener_may_not_be_found(aws, clock):
    elb, network = client_of("elbv2"), make_network(client_of("ec2"), "10.0")
    alb = make_alb(elb, network)
    install(LAGGING, clock=clock, seed=1)
    group, listener = make_group(elb, network), make_listener(elb, alb)
    read = lambda: elb.describe_target_groups(TargetGroupArns=[group])  # noqa: E731
    assert looks(lambda: is_refused(read, "TargetGroupNotFound")) == {False, True}
    conditions = [{"Field": "path-pattern", "Values": ["/"]}]
    priorities = iter(range(1, 100))
    add = lambda: elb.create_rule(  # noqa: E731
        ListenerArn=listener, Priority=next(priorities), Conditions=conditions, Actions=NOT_FOUND
    )
    assert looks(lambda: is_refused(add, "ListenerNotFound")) == {False, True}


def test_a_new_role_cannot_be_trusted_yet(aws, clock):
    install(SLOW_IAM, clock=clock)
    iam = client_of("iam")
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    trust = json.dumps(TRUST).replace('{"Service": "ecs-tasks.amazonaws.com"}', json.dumps({"AWS": arn}))
    with pytest.raises(ClientError, match="Invalid principal") as refused:
        iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust)
    assert code_of(refused) == "MalformedPolicyDocument"
    clock.advance(SLOW_IAM.iam_propagation)
    iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust)


def test_a_service_behind_a_load_balancer_waits_for_its_new_role(aws, clock):
    install(SLOW_IAM, clock=clock)
    elb, ecs, network = client_of("elbv2"), client_of("ecs"), make_network(client_of("ec2"), "10.0")
    group = make_group(elb, network)
    make_listener(elb, make_alb(elb, network), [{"Type": "forward", "TargetGroupArn": group}])
    role = client_of("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    ecs.create_cluster(clusterName="c")
    web = {"name": "web", "image": "nginx", "portMappings": [{"containerPort": 80}]}
    ecs.register_task_definition(
        family="f",
        containerDefinitions=[web],
        executionRoleArn=role,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
    )
    wanted = {
        "cluster": "c",
        "serviceName": "s",
        "taskDefinition": "f",
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": network.subnets}},
        "loadBalancers": [{"targetGroupArn": group, "containerName": "web", "containerPort": 80}],
    }
    with pytest.raises(ClientError, match="Unable to assume role and validate") as refused:
        ecs.create_service(**wanted)
    assert code_of(refused) == "InvalidParameterException"
    clock.advance(SLOW_IAM.iam_propagation)
    assert ecs.create_service(**wanted)["service"]["status"] == "ACTIVE"


def test_a_target_group_may_be_held_in_use_after_its_listener(aws, clock):
    elb, network = client_of("elbv2"), make_network(client_of("ec2"), "10.0")
    alb = make_alb(elb, network)
    install(LAGGING, clock=clock, seed=1)
    seen = {delete_used_group(elb, alb, make_group(elb, network, f"group-{i}"), clock) for i in range(20)}
    assert seen == {False, True}


def delete_used_group(elb: Any, alb: str, group: str, clock: Clock) -> bool:
    """Delete a listener and then its target group; return whether AWS refused the second delete."""
    clock.advance(LAGGING.lag)
    listener = make_listener(elb, alb, [{"Type": "forward", "TargetGroupArn": group}])
    elb.delete_listener(ListenerArn=listener)
    return is_refused(lambda: elb.delete_target_group(TargetGroupArn=group), "ResourceInUse")


def test_a_role_may_be_held_to_have_policies_after_the_last(lagging):
    assert {delete_bare_role(f"role-{number}") for number in range(20)} == {False, True}


def delete_bare_role(name: str) -> bool:
    iam = client_of("iam")
    allow = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"},
    }
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(allow))
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    return is_refused(lambda: iam.delete_role(RoleName=name), "DeleteConflict")
