import boto3
import pytest
import structlog
from moto.ecs.exceptions import EcsClientException
from moto.ecs.models import EC2ContainerServiceBackend
from support import client

import reconciler
from reconciler.aws.lease import item
from reconciler.errors import PlanRefused, RunRefused, Unfinished
from reconciler.model.references import Json, Ref
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.ecs_cluster import EcsCluster
from reconciler.resources.listener import FixedResponse, Listener
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.resources.route_table import RouteTable
from reconciler.resources.security_group import Rule, SecurityGroupWithRules
from reconciler.resources.subnet import Subnet
from reconciler.resources.target_group import HealthCheck, TargetGroup
from reconciler.resources.task_definition import Container, TaskDefinition
from reconciler.resources.vpc import Vpc

VPC = Vpc(name="lab", cidr="10.9.0.0/16")
SUBNET = Subnet(name="lab-a", vpc=VPC.ref(), cidr="10.9.0.0/24", zone="us-east-1a", public_addresses=False)
CLUSTER = EcsCluster(name="lab", capacity_providers={})


@pytest.fixture
def session(aws):
    return boto3.Session(region_name="us-east-1")


def note_creates(session) -> list[str]:
    """Return a list to which each call of the session that creates something will be added."""
    created: list[str] = []

    def note(model, **_):
        created.extend([model.name] if model.name.startswith("Create") else [])

    session.events.register("before-call.*.*", note)
    return created


def made() -> list[str]:
    found = client("ec2").describe_vpcs(Filters=[{"Name": "tag:ecs-reconciler:stack", "Values": ["scripts"]}])
    return [vpc["CidrBlock"] for vpc in found["Vpcs"]]


def test_a_script_makes_what_it_names_once(session):
    assert sorted(reconciler.ensure(session, VPC, SUBNET).done) == ["subnet.lab-a", "vpc.lab"]
    assert reconciler.ensure(session, VPC, SUBNET).done == []
    assert made() == ["10.9.0.0/16"]


def test_a_script_may_name_its_own_by_the_id_that_aws_gave(session):
    reconciler.ensure(session, VPC, SUBNET)
    (vpc,) = client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["lab"]}])["Vpcs"]
    assert (
        reconciler.ensure(
            session, VPC, SUBNET.model_copy(update={"vpc": Ref("vpc", vpc["VpcId"], by_id=True)})
        ).done
        == []
    )


HEALTH = HealthCheck(path="/", interval=30, timeout=5, healthy=2, unhealthy=2, matcher="200")
GIVEN = "vpc-0123456789abcdef0"  # which does not exist


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (SUBNET.model_copy(update={"vpc": Ref("vpc", GIVEN, by_id=True)}), "InvalidVpcID.NotFound"),
        (SecurityGroupWithRules(name="lab", vpc=GIVEN), "InvalidVpcID.NotFound"),
        (RouteTable(name="lab", vpc=GIVEN, routes={}, subnets=frozenset()), "InvalidVpcID.NotFound"),
        (
            TargetGroup(name="lab", vpc=GIVEN, port=80, health_check=HEALTH, attributes={}),
            "ValidationError",
        ),
        (
            LoadBalancer(
                name="lab", vpc=GIVEN, subnets={"subnet-1", "subnet-2"}, security_groups=set(), attributes={}
            ),
            "SubnetNotFound",
        ),
    ],
)
def test_an_id_that_does_not_exist_fails_at_its_first_call(session, spec, code):
    created = note_creates(session)
    with pytest.raises(Unfinished, match=code):
        reconciler.ensure(session, spec)
    assert len(created) == 1


def test_a_certificate_that_does_not_exist_stops_a_script_before_it_makes_anything(session):
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/none"
    secure = Listener(
        name="lab",
        load_balancer="arn:lb",
        port=443,
        protocol="HTTPS",
        certificate=certificate,
        default=FixedResponse(status=404, content_type="text/plain", body=""),
    )
    created = note_creates(session)
    with pytest.raises(PlanRefused, match=f"{certificate} does not exist"):
        reconciler.ensure(session, VPC, secure)
    assert not created


def test_a_script_touches_nothing_else_of_its_stack(session):
    reconciler.ensure(session, VPC)
    assert reconciler.ensure(session, Vpc(name="other", cidr="10.8.0.0/16")).done == ["vpc.other"]
    assert sorted(made()) == ["10.8.0.0/16", "10.9.0.0/16"]


def test_what_others_need_of_what_a_script_leaves_is_no_concern_of_its(session):
    reconciler.ensure(session, VPC)
    (vpc,) = client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["lab"]}])["Vpcs"]
    client("ec2").create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.9.9.0/24")
    assert reconciler.ensure(session, Vpc(name="other", cidr="10.8.0.0/16")).done == ["vpc.other"]


def test_what_aws_repeats_of_a_scripts_secrets_is_not_told(session, monkeypatch):
    def refuse(_self, **params):
        raise EcsClientException(f"Invalid: {params['container_definitions']}")

    monkeypatch.setattr(EC2ContainerServiceBackend, "register_task_definition", refuse)
    web = Container(
        image="nginx", environment={"DB_PASSWORD": "hunter2", "MODE": "fast"}, command=("a hunter2",)
    )
    with pytest.raises(Unfinished, match="fast") as caught:
        reconciler.ensure(session, TaskDefinition(name="web", cpu=256, memory=512, containers={"web": web}))
    assert "hunter2" not in str(caught.value)


def test_a_script_replaces_nothing(session):
    reconciler.ensure(session, VPC)
    with pytest.raises(RunRefused, match=r"would be deleted, .*: vpc\.lab"):
        reconciler.ensure(session, Vpc(name="lab", cidr="10.8.0.0/16"))
    assert made() == ["10.9.0.0/16"]


def test_a_script_deletes_no_duplicate(session):
    reconciler.ensure(session, VPC)
    owned = [
        {"Key": "ecs-reconciler:stack", "Value": "scripts"},
        {"Key": "ecs-reconciler:name", "Value": VPC.name},
    ]
    again = [{"ResourceType": "vpc", "Tags": owned}]
    session.client("ec2").create_vpc(CidrBlock=VPC.cidr, TagSpecifications=again)
    with pytest.raises(RunRefused, match="as a duplicate"):
        reconciler.ensure(session, VPC)


def test_a_script_takes_nothing_over(session):
    client("ecs").create_cluster(clusterName="lab")
    with pytest.raises(RunRefused, match=r"ecs_cluster\.lab"):
        reconciler.ensure(session, CLUSTER)


def test_what_fails_is_raised_with_what_is_done(session):
    outside = SUBNET.model_copy(update={"cidr": "10.99.0.0/24"})
    with pytest.raises(Unfinished, match=r"subnet\.lab-a: InvalidSubnet\.Range") as raised:
        reconciler.ensure(session, VPC, outside)
    assert raised.value.outcome.done == ["vpc.lab"]
    assert raised.value.__cause__ is raised.value.outcome.failed["subnet.lab-a"]


def test_a_dashboard_is_a_scripts_own_without_its_saying_so(session):
    board = Dashboard(name="dd", body=Json({"widgets": []}))
    assert reconciler.ensure(session, board).done == ["dashboard.dd"]
    assert reconciler.ensure(session, board).done == []
    with pytest.raises(RunRefused):
        reconciler.ensure(session, board, stack="others")


def test_a_script_prints_nothing_of_its_own(session, capsys):
    structlog.reset_defaults()
    reconciler.ensure(session, VPC)
    assert capsys.readouterr().out == ""


def test_a_script_that_has_set_up_its_logs_keeps_them(session):
    with structlog.testing.capture_logs() as seen:
        structlog.configure(processors=structlog.get_config()["processors"])
        reconciler.ensure(session, VPC)
    assert {"called"} <= {entry["event"] for entry in seen}


def test_what_aws_cannot_tag_belongs_to_whatever_it_hangs_on(session):
    rule = Rule(from_port=443, to_port=443, cidr="10.0.0.0/8")
    group = SecurityGroupWithRules(name="lab", vpc=VPC.ref(), description="lab", ingress=frozenset({rule}))
    parts = [VPC, *group.parts()]
    done = ["security_group.lab", "security_group_rules.lab", "vpc.lab"]
    assert sorted(reconciler.ensure(session, *parts).done) == done
    assert reconciler.ensure(session, *parts).done == []


def test_a_script_may_hold_the_lease(aws, session):
    reconciler.ensure(session, VPC)
    assert not client("dynamodb").list_tables()["TableNames"]
    reconciler.ensure(session, VPC, SUBNET, lease=True)
    assert client("dynamodb").list_tables()["TableNames"] == [item.TABLE]
    assert item.read(client("dynamodb"), "scripts").holder is None
