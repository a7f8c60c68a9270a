"""The crash test compares accounts: whatever is changed by hand must make a difference to it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from crash import platforms
from crash.cloud import cloud, run
from crash.inventory import compare, take_inventory
from support import client

from reconciler.sandbox import CALM

By = Callable[[], object]
FOREIGN = {"Key": "team", "Value": "x"}


def vpc() -> Any:
    return client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"][0][
        "VpcId"
    ]


def balancer() -> Any:
    return client("elbv2").describe_load_balancers()["LoadBalancers"][0]


def target_group() -> Any:
    return client("elbv2").describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]


def ours(operation: str, path: str) -> list[Any]:
    """Return what EC2 has in our VPC and with tags."""
    found = getattr(client("ec2"), operation)(Filters=[{"Name": "vpc-id", "Values": [vpc()]}])[path]
    return [item for item in found if item["Tags"]]


def tag_load_balancer() -> None:
    client("elbv2").add_tags(ResourceArns=[balancer()["LoadBalancerArn"]], Tags=[FOREIGN])


def untag_target_group() -> None:
    client("elbv2").remove_tags(ResourceArns=[target_group()], TagKeys=["ecs-reconciler:stack"])


def tag_log_group() -> None:
    group = client("logs").describe_log_groups()["logGroups"][0]
    client("logs").tag_resource(resourceArn=group["arn"].removesuffix(":*"), tags={"team": "x"})


def tag_repository() -> None:
    repository = client("ecr").describe_repositories()["repositories"][0]
    client("ecr").tag_resource(resourceArn=repository["repositoryArn"], tags=[FOREIGN])


def tag_namespace() -> None:
    namespace = client("servicediscovery").list_namespaces()["Namespaces"][0]
    client("servicediscovery").tag_resource(ResourceARN=namespace["Arn"], Tags=[FOREIGN])


def change_idle_timeout() -> None:
    attributes = [{"Key": "idle_timeout.timeout_seconds", "Value": "99"}]
    client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=balancer()["LoadBalancerArn"], Attributes=attributes
    )


def change_deregistration_delay() -> None:
    attributes = [{"Key": "deregistration_delay.timeout_seconds", "Value": "99"}]
    client("elbv2").modify_target_group_attributes(TargetGroupArn=target_group(), Attributes=attributes)


def change_dns_hostnames() -> None:
    client("ec2").modify_vpc_attribute(VpcId=vpc(), EnableDnsHostnames={"Value": False})


def swap_route_tables() -> None:
    one, other = (table["Associations"][0] for table in ours("describe_route_tables", "RouteTables"))
    # The first subnet has to be free before it can be the other table's.
    client("ec2").disassociate_route_table(AssociationId=one["RouteTableAssociationId"])
    client("ec2").disassociate_route_table(AssociationId=other["RouteTableAssociationId"])
    client("ec2").associate_route_table(RouteTableId=one["RouteTableId"], SubnetId=other["SubnetId"])
    client("ec2").associate_route_table(RouteTableId=other["RouteTableId"], SubnetId=one["SubnetId"])


def move_load_balancer() -> None:
    groups = {group["GroupId"] for group in ours("describe_security_groups", "SecurityGroups")}
    others = sorted(groups - {*balancer()["SecurityGroups"]})
    client("elbv2").set_security_groups(LoadBalancerArn=balancer()["LoadBalancerArn"], SecurityGroups=others)


def registered(**changed: Any) -> By:
    """Register another revision of a task definition, with the same tags. A field of None is left out."""

    def register() -> None:
        ecs = client("ecs")
        family = ecs.list_task_definition_families(status="ACTIVE")["families"][0]
        found = ecs.describe_task_definition(taskDefinition=family, include=["TAGS"])
        fields = (
            *("family", "cpu", "memory", "taskRoleArn", "executionRoleArn", "networkMode"),
            *("requiresCompatibilities", "runtimePlatform", "containerDefinitions"),
        )
        params = {name: found["taskDefinition"].get(name) for name in fields} | changed
        ecs.register_task_definition(
            tags=found["tags"], **{name: value for name, value in params.items() if value is not None}
        )

    return register


def add_interface() -> None:
    client("ec2").create_network_interface(SubnetId=ours("describe_subnets", "Subnets")[0]["SubnetId"])


def add_alarm() -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName="orphan",
        MetricName="CPUUtilization",
        Namespace="AWS/ECS",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )


def add_policy() -> None:
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    client("iam").create_policy(PolicyName="orphan", PolicyDocument=document)


def double_vpc() -> None:
    found = client("ec2").describe_vpcs(VpcIds=[vpc()])["Vpcs"][0]
    tags = [{"ResourceType": "vpc", "Tags": found["Tags"]}]
    client("ec2").create_vpc(CidrBlock=found["CidrBlock"], TagSpecifications=tags)


CHANGES: dict[str, tuple[By, str]] = {  # and what must be said of it
    "tag of the load balancer": (tag_load_balancer, "load balancer.tags"),
    "tag of a log group": (tag_log_group, "log group.tags.team=x"),
    "tag of a repository": (tag_repository, "repository.tags"),
    "tag of the namespace": (tag_namespace, "namespace.tags"),
    "stack tag taken from a target group": (untag_target_group, "target group.tags"),
    "idle timeout": (change_idle_timeout, "load balancer.attributes"),
    "deregistration delay": (change_deregistration_delay, "target group.attributes"),
    "DNS hostnames": (change_dns_hostnames, "enableDnsHostnames=False"),
    "route tables swapped": (swap_route_tables, 'in another number: [\'{"route table"'),
    "load balancer in the tasks' security group": (move_load_balancer, "load balancer.SecurityGroups"),
    "task definition's cpu": (registered(cpu="512", memory="1024"), "task definition.cpu=512"),
    "task definition's memory": (registered(memory="2048"), "task definition.memory=2048"),
    "no task role": (registered(taskRoleArn=None), "task definition.taskRoleArn"),
    "ARM64": (
        registered(runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}),
        "cpuArchitecture=ARM64",
    ),
    "orphan network interface": (add_interface, "network interface."),
    "orphan alarm": (add_alarm, "alarm.AlarmName=orphan"),
    "orphan policy": (add_policy, "policy/orphan"),
    "a second VPC": (double_vpc, "vpc.VpcId=vpc vpc-crash"),
}


@contextmanager
def built(seed: int = 0) -> Iterator[None]:
    """Build the default platform."""
    with pytest.MonkeyPatch.context() as environment, cloud(CALM, seed) as clock:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        assert run(platforms.default(), clock).clean
        clock.advance(3600)
        yield


@pytest.fixture(scope="module")
def inventories() -> Iterator[list[Counter[str]]]:
    """Two accounts; the second serves all tests, and each change comes on top of those before it."""
    with built(seed=1):
        found = [take_inventory(client)]
    with built():
        yield [*found, take_inventory(client)]


def test_two_accounts_that_differ_in_ids_only_are_equal(inventories: list[Counter[str]]):
    assert not compare(*inventories)


@pytest.mark.usefixtures("inventories")
@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_a_change_by_hand_is_seen(change: By, said: str):
    before = take_inventory(client)
    change()
    assert said in compare(take_inventory(client), before)
