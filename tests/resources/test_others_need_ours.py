"""Foreign resources that need what a plan deletes stop it: they would be deleted too, or block a delete."""

from collections.abc import Callable
from typing import Any

import pytest
from balancing import BALANCER, GROUP, LISTENER, balancer, group, id_of, listener, rule, security_group, zones
from network import A, subnet
from services import CLUSTER, FAMILY, SERVICE, balanced, cluster, definition, vpc_id
from support import OTHERS, Counted, act, client, see, settle

from reconciler.errors import RunRefused
from reconciler.model.plan import Plan
from reconciler.model.spec import Spec
from reconciler.model.tags import STACK

pytestmark = pytest.mark.usefixtures("aws")
GONE = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "410"}}


def front() -> list[Spec]:
    return [*zones(), balancer(), group(), listener(), rule()]


def told(todo: Plan) -> list[tuple[str, str]]:
    return [(str(c.address), c.why) for c in todo.conflicts]


def needs(*what: str, whose: str = "does not carry this stack's tags") -> str:
    return f"{whose} and needs {', '.join(what)}, which this plan would delete"


def _a_listener(**more: Any) -> str:
    made = client("elbv2").create_listener(
        LoadBalancerArn=id_of(balancer()), Port=9000, Protocol="HTTP", DefaultActions=[GONE], **more
    )
    return str(made["Listeners"][0]["ListenerArn"])


def _a_rule(*actions: Any) -> str:
    condition = {"Field": "path-pattern", "Values": ["/mine"]}
    made = client("elbv2").create_rule(
        ListenerArn=id_of(listener()), Priority=77, Conditions=[condition], Actions=[*actions] or [GONE]
    )
    return str(made["Rules"][0]["RuleArn"])


def _a_subnet() -> str:
    made = client("ec2").create_subnet(VpcId=vpc_id(), CidrBlock="10.0.9.0/24")
    return str(made["Subnet"]["SubnetId"])


def _a_group() -> str:
    made = client("ec2").create_security_group(GroupName="mine", Description="mine", VpcId=vpc_id())
    return str(made["GroupId"])


def _a_discovery_service() -> None:
    (namespace,) = client("servicediscovery").list_namespaces()["Namespaces"]
    records = {"DnsRecords": [{"Type": "A", "TTL": 30}]}
    client("servicediscovery").create_service(Name="mine", NamespaceId=namespace["Id"], DnsConfig=records)


def _a_service(revision: str = FAMILY) -> None:
    network = {"subnets": [id_of(subnet())], "securityGroups": [id_of(security_group())]}
    client("ecs").create_service(
        cluster=CLUSTER,
        serviceName="mine",
        taskDefinition=revision,
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )


def test_a_listener_would_go_with_its_load_balancer():
    settle(front())
    arn = _a_listener()
    todo = see([], front())
    assert told(todo) == [("listener.alb-dev:9000", needs(f"load_balancer.{BALANCER}"))]
    remedy = f"move it away, change it so that it does without, or delete it first: aws elbv2 delete-listener --listener-arn {arn}"
    assert todo.conflicts[0].remedy == remedy
    with Counted() as calls, pytest.raises(RunRefused, match=r"listener\.alb-dev:9000"):
        act(todo)
    assert not +calls
    client("elbv2").delete_listener(ListenerArn=arn)
    assert settle([], front())


def test_a_load_balancer_with_a_strangers_listener_is_not_replaced_either():
    settle(front())
    _a_listener()
    inner = [s for s in front() if s.kind != "load_balancer"]
    todo = see([*inner, balancer(scheme="internal")])
    assert told(todo) == [("listener.alb-dev:9000", needs(f"load_balancer.{BALANCER}"))]
    assert not see(front()).conflicts


def test_what_another_stack_has_is_told_as_its_and_not_with_the_command_that_deletes_it():
    settle(front())
    _a_listener(Tags=[{"Key": STACK, "Value": OTHERS.name}])
    (conflict,) = see([], front()).conflicts
    assert conflict.why.startswith(f"belongs to stack {OTHERS.name} and needs ")
    assert conflict.remedy == "move it away, change it so that it does without, or delete it first"


def test_a_rule_would_go_with_its_listener():
    settle(front())
    _a_rule()
    assert told(see([], front())) == [("listener_rule.alb-dev:80 priority 77", needs(f"listener.{LISTENER}"))]


@pytest.mark.parametrize("weighted", [False, True])
def test_a_rule_keeps_the_target_group_that_it_sends_to(weighted: bool):
    settle(front())
    one = {"TargetGroupArn": id_of(group())}
    if weighted:
        other = client("elbv2").create_target_group(
            Name="other", Protocol="HTTP", Port=80, VpcId=vpc_id(), TargetType="ip"
        )
        groups = [
            {**one, "Weight": 9},
            {"TargetGroupArn": other["TargetGroups"][0]["TargetGroupArn"], "Weight": 1},
        ]
        _a_rule({"Type": "forward", "ForwardConfig": {"TargetGroups": groups}})
    else:
        _a_rule({"Type": "forward", **one})
    others = [s for s in front() if s.kind != "target_group"]
    assert told(see([*others, group(protocol="HTTPS")])) == [
        ("listener_rule.alb-dev:80 priority 77", needs(f"target_group.{GROUP}"))
    ]


@pytest.mark.parametrize("make", [_a_subnet, _a_group])
def test_a_vpc_is_not_deleted_around_what_is_in_it(make: Callable[[], str]):
    settle(zones())
    own_id = make()
    ((address, why),) = told(see([], zones()))
    assert (address.partition(".")[2], why) == (own_id, needs("vpc.vpc-dev"))
    assert not see(zones()).conflicts


def test_a_strangers_rule_keeps_the_group_that_it_names():
    settle(zones())
    theirs = _a_group()
    pair = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": id_of(security_group())}]}
    client("ec2").authorize_security_group_ingress(GroupId=theirs, IpPermissions=[pair])
    without = [s for s in zones() if s.kind != "security_group"]
    assert told(see(without, zones())) == [(f"security_group.{theirs}", needs(f"security_group.{BALANCER}"))]


def test_a_main_route_table_goes_with_its_vpc():
    settle(zones())
    of = [{"Name": "vpc-id", "Values": [vpc_id()]}, {"Name": "association.main", "Values": ["true"]}]
    (main,) = client("ec2").describe_route_tables(Filters=of)["RouteTables"]
    (ours,) = client("ec2").describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [id_of(subnet())]}]
    )["RouteTables"]
    held = next(a for a in ours["Associations"] if a.get("SubnetId") == id_of(subnet()))
    client("ec2").replace_route_table_association(
        AssociationId=held["RouteTableAssociationId"], RouteTableId=main["RouteTableId"]
    )
    assert not told(see([], zones()))


def test_a_service_needs_the_cluster_the_network_and_the_task_definition_of_ours():
    settle(balanced())
    _a_service()
    (conflict,) = see([], balanced()).conflicts
    assert (str(conflict.address), conflict.why) == (
        "ecs_service.mine",
        needs(f"ecs_cluster.{CLUSTER}", f"security_group.{BALANCER}", f"subnet.{A}").replace(
            ", which", " and 1 more, which"
        ),
    )
    assert conflict.remedy.endswith(f"aws ecs delete-service --cluster {CLUSTER} --service mine --force")
    assert not see(balanced()).conflicts


def test_a_family_is_not_deleted_under_a_strangers_service_that_runs_an_earlier_revision():
    settle(balanced())
    _a_service(f"{FAMILY}:1")
    later = balanced(definition(memory=1024))
    assert settle(later)
    left = [s for s in later if s.kind not in ("task_definition", "ecs_service")]
    assert told(see(left, later)) == [("ecs_service.mine", needs(f"task_definition.{FAMILY}"))]
    assert not told(see([s for s in later if s.name != SERVICE], later))


def test_a_name_in_a_namespace_would_keep_it():
    settle(balanced())
    _a_discovery_service()
    assert told(see([], balanced())) == [("cloud_map_service.mine", needs("cloud_map_namespace.dev.local"))]


def test_what_only_names_ours_is_in_nobodys_way():
    """A task definition and its roles, a target group and its VPC, a cluster of nobody's."""
    settle(front())
    client("elbv2").create_target_group(
        Name="hook-dev", Protocol="HTTP", Port=80, VpcId=vpc_id(), TargetType="ip"
    )
    client("ecs").create_cluster(clusterName="theirs-dev")
    assert not see([], [*front(), cluster()]).conflicts
