"""CloudTrail is asked slowly and seldom, what it does not tell is told apart, and its texts are not trusted."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.cloudtrail.responses import CloudTrailResponse
from support import Counted, client, connection

from reconciler.aws.agent import agent_of
from reconciler.aws.client import Aws
from reconciler.aws.trail import Ours, Pace, Window, ask_again, find_authors
from reconciler.aws.trail.actors import describe_actor, describe_way
from reconciler.aws.trail.event import TrailEvent, read_event
from reconciler.aws.trail.lookups import PAGES
from reconciler.aws.trail.matching import is_of_field, is_of_resource, made_for, sets_value
from reconciler.aws.trail.ours import is_ours
from reconciler.aws.trail.questions import Place
from reconciler.model.drift import Attribution, Difference, Finding, Known, Severity
from reconciler.model.references import Address
from reconciler.model.tags import owner_tags
from reconciler.model.trail import TouchedBy
from reconciler.resources import KINDS
from reconciler.resources.iam_policy import parse_policy
from reconciler.sandbox import REAL, Clock, install
from reconciler.sandbox.refusal import Refusal

STACK, ROOT = "shop/dev/us-east-1", "arn:aws:iam::123456789012:root"
OURS = Ours(STACK, (ROOT,))
TOUCHED_BY = {name: kind.touched_by for name, kind in KINDS.items()}
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ALICE = {"type": "IAMUser", "userName": "alice", "arn": "arn:aws:iam::1:user/alice"}


@pytest.fixture
def clock(aws: object) -> Clock:
    stopped = Clock(speed=0)
    install(clock=stopped)
    return stopped


def retention(group: str = "/g", live: int = 1) -> Difference:
    outputs = {"id": group, "arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{group}"}
    address, severity = Address("log_group", group), Severity.CONFIGURATION
    return Difference(address, Finding.CHANGED, "retention_days", live, 7, severity, outputs=outputs)


def make_group(name: str = "/g", days: int = 1, aws: Any = None) -> None:
    logs = aws or client("logs")
    logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName=name, retentionInDays=days)


def ask(
    clock: Clock, *differences: Difference, since: timedelta | None = None, **options: Any
) -> dict[str, Attribution]:
    """Ask right after the detection, unless `at` is given."""
    now = clock.date(clock.now())
    options = {"pace": Pace(clock.now, clock.advance), "at": now} | options
    until = options.pop("until", now)
    window = Window(until, until - since if since else None)
    return find_authors(connection(), differences, TOUCHED_BY, window, OURS, **options)


def test_an_event_that_is_not_shown_yet_is_found_later(clock: Clock):
    install(REAL, clock=clock)
    make_group()
    detected, key = clock.date(clock.now()), retention().key
    early = ask(clock, retention())[key]
    again = ask_again(early, detected, detected)
    assert (early.known, again) == (Known.NOT_YET, detected + timedelta(minutes=2))
    clock.advance(600)
    assert ask(clock, retention(), until=detected)[key].known is Known.FOUND


def test_nothing_is_found_in_the_end_or_is_too_old(clock: Clock):
    detected, key = clock.date(clock.now()), retention().key
    make_group()
    clock.advance(91 * 24 * 3600)
    late = clock.date(clock.now())
    answers = [
        ask(clock, retention(), until=late - timedelta(hours=2), since=timedelta(hours=1)),
        ask(clock, retention(), until=late - timedelta(hours=2)),
        ask(clock, retention(), until=detected),
    ]
    assert [answer[key].known for answer in answers] == [Known.NOT_FOUND, Known.TOO_OLD, Known.TOO_OLD]


def test_what_was_done_before_all_was_right_is_not_asked_for(clock: Clock):
    make_group()
    clock.advance(3600)
    assert ask(clock, retention(), since=timedelta(minutes=1))[retention().key].known is Known.NOT_YET


def test_the_event_that_set_the_value_is_preferred_to_the_last_one(clock: Clock):
    make_group(days=1)
    client("logs").put_retention_policy(logGroupName="/g", retentionInDays=3)
    set_it, last = ask(clock, retention(live=1)), ask(clock, retention(live=5))
    assert [answer[retention().key].exact for answer in (set_it, last)] == [True, False]


def test_what_a_run_of_ours_only_touched_is_no_answer_until_all_is_told(clock: Clock):
    said = Config(user_agent_extra=agent_of("1", STACK, "00"))
    make_group(days=3, aws=boto3.client("logs", region_name="us-east-1", config=said))
    key, detected = retention().key, clock.date(clock.now())
    assert ask(clock, retention(live=1))[key].known is Known.NOT_YET
    clock.advance(91 * 60)
    late = ask(clock, retention(live=1), until=detected)[key]
    assert (late.known, late.by_us, late.exact) == (Known.FOUND, True, False)


def test_a_subnet_that_lost_its_route_table_is_told_by_the_id_of_their_tie(clock: Clock):
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    table, other = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    lost = Difference(
        Address("route_table", "public"), Finding.CHANGED, "subnets.a", None, "a", Severity.AVAILABILITY,
        where=("subnets", "a"), item=True, outputs={"id": table},
    )  # fmt: skip

    def told(name: str) -> tuple[str, str, bool]:
        found = ask(clock, replace(lost, outputs={"id": name}))[lost.key]
        return found.known, found.event, found.exact

    tie = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    moved = ec2.replace_route_table_association(AssociationId=tie, RouteTableId=other)["NewAssociationId"]
    assert told(table) == (Known.FOUND, "ReplaceRouteTableAssociation", False)
    ec2.disassociate_route_table(AssociationId=moved)
    assert told(other) == (Known.FOUND, "DisassociateRouteTable", False)


def test_a_refused_call_is_nobodys_change(clock: Clock):
    with pytest.raises(client("logs").exceptions.ResourceNotFoundException):
        client("logs").put_retention_policy(logGroupName="/g", retentionInDays=1)
    assert ask(clock, retention())[retention().key].known is Known.NOT_YET


def test_one_question_serves_all_differences_that_have_it(clock: Clock):
    names = [f"/g{number}" for number in range(8)]
    for name in names:
        make_group(name)
    with Counted() as calls:
        found = ask(clock, *map(retention, names))
    assert {answer.known for answer in found.values()} == {Known.FOUND}
    assert calls["LookupEvents"] == 1


def test_a_round_asks_for_twenty_seconds_and_three_times_in_two(clock: Clock):
    many = TouchedBy(
        "logs.amazonaws.com", {"logGroupName": "id"}, changed_by={"": tuple(f"Call{n}" for n in range(99))}
    )
    pace, window, begun = Pace(clock.now, clock.advance), Window(clock.date(clock.now())), clock.now()
    with Counted() as calls:
        found = find_authors(connection(), [retention()], {"log_group": many}, window, OURS, pace=pace)
    assert found[retention().key].known is Known.NOT_ASKED
    assert (clock.now() - begun, calls["LookupEvents"]) == (pytest.approx(20), 31)


def test_threads_and_stacks_of_a_process_share_the_pace_of_an_account_and_region():
    pace = Pace(lambda: 0.0, lambda _seconds: None)
    turns = [pace.take_turn("1", "us-east-1", 20) for _ in range(3)]
    assert turns == pytest.approx([0, 2 / 3, 4 / 3])
    assert pace.take_turn("1", "eu-west-1", 20) == 0
    assert pace.take_turn("1", "us-east-1", 1) is None


def test_a_question_ends_after_ten_pages(clock: Clock):
    client("logs").create_log_group(logGroupName="/g")
    client("logs").put_retention_policy(logGroupName="/g", retentionInDays=1)
    client("logs").create_log_group(logGroupName="/h")
    for _ in range(PAGES * 50):
        client("logs").put_retention_policy(logGroupName="/h", retentionInDays=1)
    with Counted() as calls:
        found = ask(clock, retention())
    assert (found[retention().key].known, calls["LookupEvents"]) == (Known.NOT_ASKED, PAGES)


def test_who_may_not_ask_is_told_so_once(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    def refuse(_response: Any) -> str:
        raise Refusal("AccessDeniedException", "not authorized to perform: cloudtrail:LookupEvents")

    monkeypatch.setattr(CloudTrailResponse, "lookup_events", refuse)
    other = replace(retention("/h"), path="tags.a")
    with Counted() as calls:
        found = ask(clock, retention(), other)
    assert {answer.known for answer in found.values()} == {Known.NOT_ALLOWED}
    assert calls["LookupEvents"] == 1


def make_security_group(name: str) -> str:
    ec2 = client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    given = [{"Key": key, "Value": value} for key, value in owner_tags(STACK, name).items()]
    tagged = [{"ResourceType": "security-group", "Tags": given}]
    made = ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc, TagSpecifications=tagged)
    return str(made["GroupId"])


def test_who_deleted_what_had_only_an_id_is_known_by_the_tags_it_was_made_with(clock: Clock):
    ids = {name: make_security_group(name) for name in ("web", "mail", "kept")}
    for name in ("web", "mail"):
        client("ec2").delete_security_group(GroupId=ids[name])
        clock.advance(60)
    groups = [Address("security_group", name) for name in ids]
    missing = [
        Difference(address, Finding.MISSING, "", None, None, Severity.AVAILABILITY) for address in groups
    ]
    found = ask(clock, *missing)
    assert [found[d.key].known for d in missing] == [Known.FOUND, Known.FOUND, Known.NOT_YET]
    at = [datetime.fromisoformat(found[d.key].at) for d in missing[:2]]
    assert at[1] - at[0] == timedelta(minutes=1)


def test_iam_is_asked_in_its_own_region_and_a_policy_by_its_name(clock: Clock):
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(document))
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    for name in ("mine", "yours"):
        client("iam").put_role_policy(RoleName="r", PolicyName=name, PolicyDocument=json.dumps(everything))
        clock.advance(60)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    aws = Aws(boto3.Session(region_name="eu-west-1", **keys))
    added = [
        Difference(
            Address("iam_role", "r"),
            Finding.CHANGED,
            f"policies.{name}",
            parse_policy(everything),
            None,
            Severity.SECURITY,
            where=("policies", name),
            outputs={"id": "r"},
        )
        for name in ("mine", "yours", "hers")
    ]
    window, pace = Window(clock.date(clock.now())), Pace(clock.now, clock.advance)
    found = find_authors(aws, added, TOUCHED_BY, window, OURS, pace=pace, at=window.until)
    told = [(found[d.key].event, found[d.key].exact) for d in added]
    assert told == [("PutRolePolicy", True), ("PutRolePolicy", True), ("CreateRole", False)]


def test_what_no_call_changes_is_not_asked_for(clock: Clock):
    service = Address("ecs_service", "web")
    lost = Difference(service, Finding.CHANGED, "lost_by_tasks.a role", "a role", None, Severity.AVAILABILITY)
    with Counted() as calls:
        assert ask(clock, lost)[lost.key].known is Known.NOT_FOUND
    assert not calls


def test_a_stop_ends_the_questions(clock: Clock):
    stop = Event()
    stop.set()
    assert ask(clock, retention(), stop=stop)[retention().key].known is Known.NOT_ASKED


def test_it_is_asked_again_after_2_10_30_and_90_minutes():
    not_yet = Attribution(Known.NOT_YET)
    asked, times = NOW, list[float]()
    while again := ask_again(not_yet, NOW, asked):
        times.append((again - NOW).total_seconds() / 60)
        asked = again
    assert times == [2, 10, 30, 90]
    assert ask_again(None, NOW, NOW) == ask_again(Attribution(Known.NOT_ASKED), NOW, NOW) == NOW
    ended = [Attribution(Known.FOUND, exact=True), Attribution(Known.NOT_FOUND), Attribution(Known.NOT_ALLOWED)]
    assert {ask_again(answer, NOW, NOW) for answer in ended} == {None}


def test_global_events_are_in_one_region_of_each_partition():
    role, service = TOUCHED_BY["iam_role"], TOUCHED_BY["ecs_service"]
    assert role
    assert service
    places = [("eu-west-1", "aws"), ("cn-northwest-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov")]
    assert [Place(*place).of(role) for place in places] == ["us-east-1", "cn-north-1", "us-gov-west-1"]
    assert [Place(*place).of(service) for place in places] == [region for region, _ in places]


def event(identity: Any, **fields: Any) -> TrailEvent:
    return TrailEvent("1", NOW, "UpdateService", "ecs.amazonaws.com", identity, **fields)


def session(**context: Any) -> dict[str, Any]:
    arn = "arn:aws:sts::1:assumed-role/Admin/alice"
    return {
        "type": "AssumedRole",
        "arn": arn,
        "sessionContext": {"sessionIssuer": {"userName": "Admin"}, **context},
    }


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        ({"type": "Root", "arn": ROOT}, "the root user"),
        (ALICE, "user alice"),
        (session(), "role Admin, session alice"),
        (session(sourceIdentity="a.smith"), "role Admin, session alice, source identity a.smith"),
        ({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Admin/bob"}, "role Admin, session bob"),
        ({"type": "AWSService", "invokedBy": "ecs.amazonaws.com"}, "AWS service ecs.amazonaws.com"),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}, "Identity Center user u-1"),
        ({"type": "AWSAccount", "accountId": "123"}, "account 123"),
        ({"type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/carol"}, "federated user carol"),
        ({"type": "NewKind", "principalId": "p"}, "NewKind p"),
        ({"type": 7, "sessionContext": "x"}, "somebody whom CloudTrail does not name"),
        ({}, "somebody whom CloudTrail does not name"),
        ({"type": "IAMUser", "userName": "a" * 999}, f"user {'a' * 119}…"),
    ],
)
def test_every_identity_has_words(identity: dict[str, Any], words: str):
    assert describe_actor(event(identity)) == words


@pytest.mark.parametrize(
    ("identity", "fields", "words"),
    [
        (ALICE, {}, ""),
        (ALICE, {"from_console": True}, "console"),
        (ALICE, {"agent": "console.amazonaws.com"}, "console"),
        (ALICE, {"agent": "aws-cli/2.1 Python/3"}, "the AWS CLI"),
        (ALICE, {"agent": "APN/1.0 HashiCorp/1.0 Terraform/1.9"}, "Terraform"),
        (ALICE, {"agent": agent_of("1", STACK, "00")}, f"claims to be ecs-reconciler for {STACK}"),
        ({"type": "Root", "arn": ROOT}, {"agent": agent_of("1", STACK, "00")}, ""),
        (
            session() | {"invokedBy": "ecs.application-autoscaling.amazonaws.com"},
            {},
            "a controller (ecs.application-autoscaling.amazonaws.com)",
        ),
        (session() | {"invokedBy": "cloudformation.amazonaws.com"}, {}, "cloudformation.amazonaws.com"),
    ],
)
def test_the_way_of_a_call_is_told(identity: dict[str, Any], fields: dict[str, Any], words: str):
    assert describe_way(event(identity, **fields), OURS) == words


def test_a_call_is_ours_by_its_agent_and_its_principal_together():
    agent, role = agent_of("1", STACK, "00"), "arn:aws:sts::1:assumed-role/CI/"
    ours = Ours(STACK, (f"{role}run-1",))
    assert is_ours(ours, f"Boto3/1 {agent}", f"{role}run-2")
    others = [(agent, "arn:aws:sts::1:assumed-role/Admin/run-1"), ("Boto3/1", f"{role}run-1"), (agent, "")]
    others.append((agent_of("1", "other/dev/us-east-1", "00"), f"{role}run-1"))
    assert not any(is_ours(ours, *other) for other in others)
    user = "arn:aws:iam::1:user/"
    assert is_ours(Ours(STACK, (f"{user}ci",)), agent, f"{user}ci")
    assert not is_ours(Ours(STACK, (f"{user}ci",)), agent, f"{user}alice")


def test_a_call_of_another_cluster_field_or_stack_made_no_difference():
    web = Address("ecs_service", "web")
    outputs = {"id": "web", "arn": "arn:aws:ecs:us-east-1:1:service/main/web"}
    count = Difference(web, Finding.CHANGED, "desired_count", 0, 2, Severity.AVAILABILITY, outputs=outputs)
    gone, touched = replace(count, finding=Finding.MISSING), TOUCHED_BY["ecs_service"]
    for cluster, is_it in (("main", True), ("other", False)):
        sent = {"service": "web", "cluster": cluster}
        assert is_of_resource(event(ALICE, sent=sent), count, touched) is is_it
    for sent, is_it in (({"desiredCount": 0}, True), ({"forceNewDeployment": True}, False)):
        assert is_of_field(event(ALICE, sent=sent), count, touched) is is_it
    for name, is_it in (("DeleteService", True), ("UpdateService", False)):
        assert sets_value(replace(event(ALICE), name=name), gone, touched) is is_it
    for stack, is_it in ((STACK, True), ("shop/prod/us-east-1", False)):
        made = [{"key": key, "value": value} for key, value in owner_tags(stack, "web").items()]
        assert made_for(event(ALICE, sent={"tags": made}), gone, STACK) is is_it


def test_a_window_is_no_longer_than_events_are_kept():
    assert Window(NOW, NOW - timedelta(days=400)).begin == Window(NOW).begin


@pytest.mark.parametrize(
    "record",
    [
        None,
        "",
        "no JSON",
        "[]",
        '"x"',
        json.dumps({"errorCode": "AccessDenied"}),
        '{"responseElements": {"_return": false}}',
    ],
)
def test_a_record_that_is_refused_or_cannot_be_read_is_left_out(record: str | None):
    assert read_event({"EventTime": NOW, "CloudTrailEvent": record}) is None


def test_a_record_may_lack_everything():
    assert read_event({"EventTime": NOW, "CloudTrailEvent": "{}"}) == TrailEvent("", NOW, "", "")
