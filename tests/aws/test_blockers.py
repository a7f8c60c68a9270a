"""A delete that stays blocked reports its blockers."""

import pytest
from support import OURS, client, connection, make, see, settle
from toys import Time
from toys import act as act_on_toys
from wire import Wire, answer, refusal

from reconciler.apply import apply
from reconciler.apply.events import EventKind
from reconciler.aws.blockers import Blocked
from reconciler.aws.reads import open_reads
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address, Ref
from reconciler.model.steps import BlockerQuery, Call, NotYet
from reconciler.resources import KINDS, blocker_queries
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.security_group import SecurityGroupWithRules
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc import Vpc

VPC = make(Vpc, "net", cidr="10.0.0.0/16")
SUBNET = make(Subnet, "net-a", vpc=VPC.ref(), cidr="10.0.0.0/24", zone="us-east-1a")
GROUP = make(SecurityGroupWithRules, "tasks", vpc=VPC.ref())


def ids():
    return {str(address): outputs["id"] for address, outputs in see(FILE).ids.items()}


FILE = [VPC, SUBNET, GROUP]


def destroyed(file, todo=None):
    """Run a destroy; return its failures, by kind, and what its changes waited for."""
    todo, told = todo or see([], file), []
    with open_reads(connection(), OURS, file) as reads:
        outcome = apply(reads, KINDS, todo, clock=Time().clock, report=told.append)
    waits = {(e.change.address.kind, e.text) for e in told if e.what is EventKind.WAITING}
    return {key.partition(".")[0]: str(error) for key, error in outcome.failed.items()}, waits


def interface(**more):
    params = {"SubnetId": ids()["subnet.net-a"], "Description": "by hand", **more}
    return client("ec2").create_network_interface(**params)["NetworkInterface"]["NetworkInterfaceId"]


@pytest.mark.usefixtures("aws")
def test_a_subnet_is_blocked_by_the_interfaces_in_it():
    settle(FILE)
    todo = see([], FILE)  # which would refuse what is made from here on
    blocked = f"blocked by {interface()} (by hand, 123456789012, available)"
    failed, waits = destroyed(FILE, todo)
    assert failed["subnet"].startswith("not done after 1800 s: The subnet 'subnet-")
    assert failed["subnet"].endswith(f"; {blocked}")
    assert ("subnet", blocked) in waits


@pytest.mark.usefixtures("aws")
def test_a_group_is_blocked_by_the_rules_of_others():
    settle(FILE)
    group, vpc = ids()["security_group.tasks"], ids()["vpc.net"]
    todo = see([], FILE)  # which would refuse what is made from here on
    other = client("ec2").create_security_group(GroupName="theirs", Description="x", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": group}]}
    client("ec2").authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    failed, _ = destroyed(FILE, todo)
    assert failed["security_group"].startswith("not done after 60 s: ")  # no waiting cures it
    assert failed["security_group"].endswith(f"blocked by a rule of group {other} (theirs)")


@pytest.mark.usefixtures("aws")
def test_a_cloud_map_service_is_blocked_by_its_instances():
    namespace = make(CloudMapNamespace, "n", domain="n.local", vpc=VPC.ref())
    file = [VPC, namespace, make(CloudMapService, "web", namespace=Ref("cloud_map_namespace", "n"), ttl=30)]
    settle(file)
    service = next(s["Id"] for s in client("servicediscovery").list_services()["Services"])
    address = {"AWS_INSTANCE_IPV4": "10.0.0.9"}
    todo = see([], file)
    client("servicediscovery").register_instance(ServiceId=service, InstanceId="i-1", Attributes=address)
    failed, _ = destroyed(file, todo)
    assert failed["cloud_map_service"].endswith("blocked by instance i-1 (10.0.0.9)")


@pytest.mark.usefixtures("aws")
def test_a_vpc_is_blocked_by_what_is_in_it():
    settle(FILE)
    found = connection().blockers(blocker_queries.contents_of_vpc(ids()["vpc.net"]))
    assert [words.split(" ")[0] for words in found.by] == ["subnet", "group"]


@pytest.mark.usefixtures("aws")
def test_a_gateway_is_blocked_by_public_addresses_only():
    settle(FILE)
    interface()
    assert connection().blockers([blocker_queries.public_addresses(ids()["vpc.net"])]).by == ()


@pytest.mark.usefixtures("aws")
def test_what_aws_does_not_answer_is_left_out():
    broken = blocker_queries.instances("srv-none"), blocker_queries.stopping_tasks("no-cluster")
    assert connection().blockers(broken).by == ()


@pytest.mark.parametrize("said", [{}, {"Instances": None}, answer("<html>"), refusal("AccessDenied")])
def test_what_says_nothing_blocks_nothing(said):
    assert Wire(lambda *_: said).aws.blockers([blocker_queries.instances("srv-1")]).by == ()


def test_of_many_blockers_the_first_five_are_named():
    several = {"Instances": [{"Id": f"i-{n}", "Attributes": {}} for n in range(7)]}
    found = Wire(lambda *_: several).aws.blockers([blocker_queries.instances("srv-1")]).by
    assert found == (*(f"instance i-{n}" for n in range(5)), "2 more")


def test_a_moment_is_told_as_a_time_of_day():
    def say(operation, _body):
        if operation == "ListTasks":
            return {"taskArns": ["arn:aws:ecs:us-east-1:1:task/c/t1"]}
        task = {
            "taskArn": "arn:aws:ecs:us-east-1:1:task/c/t1",
            "lastStatus": "RUNNING",
            "stoppingAt": 1767268800,
        }
        return {"tasks": [task]}

    found = Wire(say).aws.blockers([blocker_queries.stopping_tasks("c")])
    assert found.by == ("task c/t1 (RUNNING, since 12:00:00 UTC)",)


LOOK = BlockerQuery("toys", "describe_users", {"of": "it"}, "users")


class Busy:
    """An AWS in which one resource stays in use."""

    def __init__(self, answer):
        self.time, self.answer, self.asked = Time(), answer, []

    def attempt(self, _step, *_):
        return self.answer

    def blockers(self, looks, _stop):
        self.asked.append((self.time.at, [look.params for look in looks]))
        return Blocked(("x-1 (in-use)",))

    def run(self, patience):
        step = Call("toys", "drop_it", {}, blockers=(LOOK,), patience=patience)
        change = Change("t.it", Address("t", "it"), Op.DELETE, (), (step,), frozenset(), {}, "")
        outcome = act_on_toys(
            self, Plan((change,), {}), clock=self.time.clock, pace=lambda _task: 2, report=lambda _: None
        )
        return str(outcome.failed["t.it"])


def test_it_is_asked_only_when_waiting_goes_on_and_then_every_half_minute():
    aws = Busy(NotYet(ValueError("in use")))
    assert aws.run(100) == "not done after 100 s: in use; blocked by x-1 (in-use)"
    assert [at for at, _ in aws.asked] == [10, 40, 70, 100]


def test_what_ends_soon_is_not_asked():
    aws = Busy(NotYet(ValueError("in use")))
    assert aws.run(8) == "not done after 8 s: in use"
    assert not aws.asked


@pytest.mark.parametrize("answer", [NotYet("reset", answer_lost=True)])
def test_a_lost_answer_is_no_block(answer):
    aws = Busy(answer)
    aws.run(60)
    assert not aws.asked
