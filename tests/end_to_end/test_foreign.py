"""A foreign resource with a desired name is never changed, adopted or deleted, whatever its kind."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from crash.cloud import cloud, run
from support import SMALL, Counted, client, connection

from desired_state import Platform, load
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all
from reconciler.sandbox import CALM, Clock

FILE = f"""{SMALL}
services: {{web: {{routes: [{{priority: 1, paths: ["/"]}}], scaling: {{min: 1, max: 2, cpu: 70}}}}}}
dashboard: true
"""
JOB = f"""{SMALL}
dashboard: false
drift_correction: {{events: true, image: "public.ecr.aws/shop/drift:v1"}}
"""
WAYS_OUT = FILE.replace(
    "subnets: {public: {prefix: 24}}}",
    "subnets: {public: {prefix: 24}, private: {prefix: 24}}, nat: one, endpoints: [s3], ipv6: true,"
    " flow_logs: {retention_days: 14}}",
)
NAMED = FILE.replace('paths: ["/"]', "hosts: [shop.example.com]").replace(
    "load_balancer: {listeners: {http: {port: 80, default: {status: 404}}}}",
    "load_balancer: {listeners: {https: {port: 443, certificate: auto}}}\ndns: {zone: example.com}",
)
OF_WAYS_OUT = {"egress_only_internet_gateway", "elastic_ip", "flow_log", "nat_gateway", "vpc_endpoint"}
OF_THE_JOB = {"event_rule", "schedule", "schedule_group", "sqs_queue"}
OWNERS = {"another stack's": {STACK: "shop/prod/us-east-1"}, "nobody's": {STACK: "", NAME: ""}}
# CI or a person pushes images; the engine only waits for them. Records have no tags: test_dns_record.py.
MADE = KINDS.keys() - {"image", "dns_record"}
PARENTS = {
    "scalable_target": "ecs_service",
    "security_group_rules": "security_group",
    "schedule": "schedule_group",
}  # whose tags speak for them

TOLD: dict[str, Callable[[str], dict[str, Any]]] = {  # what AWS tells of one, by its id
    "certificate": lambda i: client("acm").describe_certificate(CertificateArn=i)["Certificate"],
    "cloud_map_namespace": lambda i: {  # our services in it go
        **client("servicediscovery").get_namespace(Id=i)["Namespace"],
        "ServiceCount": 0,
    },
    "cloud_map_service": lambda i: client("servicediscovery").get_service(Id=i)["Service"],
    "dashboard": lambda i: client("cloudwatch").get_dashboard(DashboardName=i),
    "ecr_repository": lambda i: client("ecr").describe_repositories(repositoryNames=[i])["repositories"][0],
    "ecs_cluster": lambda i: client("ecs").describe_clusters(clusters=[i])["clusters"][0],
    "ecs_service": lambda i: client("ecs").describe_services(cluster="ecs-cluster-dev", services=[i])[
        "services"
    ][0],
    "egress_only_internet_gateway": lambda i: client("ec2").describe_egress_only_internet_gateways(
        EgressOnlyInternetGatewayIds=[i]
    )["EgressOnlyInternetGateways"][0],
    "elastic_ip": lambda i: {  # our gateway, which showed it, goes
        key: client("ec2").describe_addresses(AllocationIds=[i])["Addresses"][0][key]
        for key in ("AllocationId", "PublicIp", "Tags")
    },
    "event_rule": lambda i: client("events").describe_rule(Name=i),
    "flow_log": lambda i: client("ec2").describe_flow_logs(FlowLogIds=[i])["FlowLogs"][0],
    "iam_role": lambda i: client("iam").get_role(RoleName=i)["Role"],
    "internet_gateway": lambda i: client("ec2").describe_internet_gateways(InternetGatewayIds=[i])[
        "InternetGateways"
    ][0],
    "listener": lambda i: client("elbv2").describe_listeners(ListenerArns=[i])["Listeners"][0],
    "listener_rule": lambda i: client("elbv2").describe_rules(RuleArns=[i])["Rules"][0],
    "load_balancer": lambda i: client("elbv2").describe_load_balancers(LoadBalancerArns=[i])["LoadBalancers"][
        0
    ],
    "log_group": lambda i: {  # our tasks go on writing to it
        **client("logs").describe_log_groups(logGroupNamePrefix=i)["logGroups"][0],
        "storedBytes": 0,
    },
    "nat_gateway": lambda i: client("ec2").describe_nat_gateways(NatGatewayIds=[i])["NatGateways"][0],
    "route_table": lambda i: client("ec2").describe_route_tables(RouteTableIds=[i])["RouteTables"][0],
    "scalable_target": lambda i: client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="ecs", ResourceIds=[i]
    )["ScalableTargets"][0],
    "schedule": lambda i: client("scheduler").get_schedule(
        **dict(zip(("GroupName", "Name"), i.split("/"), strict=True))
    ),
    "schedule_group": lambda i: client("scheduler").get_schedule_group(Name=i),
    "security_group": lambda i: client("ec2").describe_security_groups(GroupIds=[i])["SecurityGroups"][0],
    "security_group_rules": lambda i: TOLD["security_group"](i.removesuffix("/rules")),
    "sqs_queue": lambda i: client("sqs").get_queue_attributes(QueueUrl=i, AttributeNames=["All"])["Attributes"],
    "subnet": lambda i: client("ec2").describe_subnets(SubnetIds=[i])["Subnets"][0],
    "target_group": lambda i: client("elbv2").describe_target_groups(TargetGroupArns=[i])["TargetGroups"][0],
    "task_definition": lambda i: client("ecs").describe_task_definition(taskDefinition=i)["taskDefinition"],
    "vpc": lambda i: client("ec2").describe_vpcs(VpcIds=[i])["Vpcs"][0],
    "vpc_endpoint": lambda i: client("ec2").describe_vpc_endpoints(VpcEndpointIds=[i])["VpcEndpoints"][0],
}

OF_OTHERS = {
    "activeServicesCount",
    "Associations",
    "AvailableIpAddressCount",
    "InUseBy",
    "InstanceCount",
    "LoadBalancerArns",
    "RenewalEligibility",  # of a certificate in use
    "ResponseMetadata",
    "runningTasksCount",
    "State",  # of a route: a blackhole when its gateway has gone
}


@pytest.fixture
def platform(kind: str, tmp_path: Path) -> Platform:
    """A platform that has one of this kind."""
    file = tmp_path / "platform.yaml"
    others = {"certificate": NAMED, **dict.fromkeys(OF_THE_JOB, JOB), **dict.fromkeys(OF_WAYS_OUT, WAYS_OUT)}
    file.write_text(others.get(kind, FILE))
    return load(file, "dev", environ={})


def ours(platform: Platform) -> list[Live[Any]]:
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(connection(), stack) as first:
        specs = tuple(blueprint(platform, facts.read_facts(first, platform)))
        return [live for live in read_all(first.for_specs(specs), KINDS) if live.owner == stack.name]


def one_of(kind: str, lives: list[Live[Any]]) -> Live[Any]:
    return next(live for live in lives if live.spec.kind == kind)


def give_away(live: Live[Any], owner: Mapping[str, str], stack: str) -> None:
    """Give a resource to this owner, by its tags and its mark."""
    tagging = KINDS[live.spec.kind].any_tag_call
    assert tagging
    if live.spec.kind == "schedule_group" and not all(owner.values()):  # its tags have values
        client("scheduler").untag_resource(ResourceArn=live.outputs["arn"], TagKeys=[*owner])
        return
    call = tagging.call(live.outputs[tagging.attr], owner)
    getattr(client(call.service), call.operation)(**call.params)
    if live.spec.kind == "dashboard":  # a text on it says whose it is
        name, cloudwatch = live.outputs["id"], client("cloudwatch")
        body = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"].replace(stack, owner[STACK])
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body)


def writes(counter: Counter[str]) -> list[str]:
    reads_and_lease = ("Describe", "Get", "List", "BatchGet", "UpdateItem")
    return [operation for operation in counter if not operation.startswith(reads_and_lease)]


def lasting(told: Any) -> Any:
    """Return the answer without what it says about other resources, which may be deleted."""
    match told:
        case dict():
            return {k: lasting(v) for k, v in told.items() if k not in OF_OTHERS}
        case list():
            return [lasting(v) for v in told]
    return told


@contextmanager
def given_away(kind: str, owner: Mapping[str, str], platform: Platform) -> Iterator[tuple[Clock, str]]:
    """Build a platform of which one resource is foreign now."""
    with cloud(CALM) as clock:
        assert run(platform, clock).clean
        clock.advance(100)
        theirs = one_of(kind, lives := ours(platform))
        give_away(one_of(PARENTS.get(kind, kind), lives), owner, platform.stack)
        yield clock, theirs.outputs["id"]


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
@pytest.mark.parametrize("kind", sorted(MADE))
def test_one_that_is_not_ours_stops_an_apply_and_outlives_a_destroy(kind, owner, platform):
    with given_away(kind, owner, platform) as (clock, own_id):
        before = TOLD[kind](own_id)
        with Counted() as counter:
            assert run(platform, clock).todo.conflicts
        assert counter
        assert not writes(counter)
        with Counted() as counter:
            refused = bool(run(platform, clock, destroy=True).todo.conflicts)
        assert bool(writes(counter)) != refused
        assert not [operation for operation in writes(counter) if "Tag" in operation]
        assert lasting(TOLD[kind](own_id)) == lasting(before)


def test_every_kind_is_tried():
    assert TOLD.keys() == MADE
    assert {kind for kind, each in KINDS.items() if not each.tag_call} == {
        *PARENTS,
        "dashboard",
        "dns_record",
        "image",
    }
