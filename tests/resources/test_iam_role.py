import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from support import OURS, Counted, calls, client, connection, differences, look, make, see, settle

from reconciler.aws.jmes import search
from reconciler.aws.reads import open_reads
from reconciler.model.references import Json, Ref
from reconciler.model.spec import Live
from reconciler.model.tags import STACK
from reconciler.resources.iam_role import KIND, IamRole, Policy, Statement
from reconciler.resources.iam_role.documents import decode_trust, encode_trust

pytestmark = pytest.mark.usefixtures("aws")
TASKS = "ecs-tasks.amazonaws.com"
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
OTHER = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
METRICS = Policy(
    statements=frozenset(
        {Statement(actions=frozenset({"cloudwatch:PutMetricData"}), resources=frozenset({"*"}))}
    )
)
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
NAME = "ecs-task-shop-dev"
OF_ACCOUNT = ("StringEquals", "aws:SourceAccount", frozenset({"123456789012"}))


def role(**fields: Any) -> IamRole:
    given = {"description": "of tasks", "service_principal": TASKS, "policies": {"metrics": METRICS}}
    return make(IamRole, NAME, **{**given, "managed_policies": frozenset({EXECUTION}), **fields})


def trust(**fields: Any) -> dict[str, Any]:
    return encode_trust(role(**fields))


def by_hand(operation: str, **params: Any) -> Any:
    return getattr(client("iam"), operation)(RoleName=NAME, **params)


@pytest.mark.parametrize(
    "document",
    [
        trust(),
        json.dumps(trust()),
        {
            "Statement": {
                "Sid": "x",
                "Effect": "Allow",
                "Action": ["sts:AssumeRole"],
                "Principal": {"Service": [TASKS]},
            }
        },
    ],
)
def test_a_document_that_trusts_one_service_is_that_service(document: Any):
    assert decode_trust(document) == (TASKS, frozenset())


def test_the_conditions_of_a_trust_are_read_as_they_were_written():
    document = trust(trust_conditions={OF_ACCOUNT})
    assert document["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ["123456789012"]}}
    assert decode_trust(document) == (TASKS, frozenset({OF_ACCOUNT}))
    single = {"StringEquals": {"aws:SourceAccount": "123456789012"}}  # as a person writes it
    document = {**document, "Statement": [{**document["Statement"][0], "Condition": single}]}
    assert decode_trust(document) == (TASKS, frozenset({OF_ACCOUNT}))


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"Service": [TASKS, "ec2.amazonaws.com"]}},
        {"Principal": {"Service": TASKS, "AWS": "arn:aws:iam::1:root"}},
        {"Principal": {"AWS": "AROAEXAMPLE"}},
        {"Principal": "*"},
        {"Action": ["sts:AssumeRole", "sts:TagSession"]},
        {"Effect": "Deny"},
    ],
)
def test_any_other_trust_is_another_one(change: dict[str, Any]):
    document = trust()
    odd = {**document, "Statement": [{**document["Statement"][0], **change}]}
    service, conditions = decode_trust(odd)
    assert (json.loads(service), conditions) == (odd, frozenset())


def test_a_new_role_is_asked_for_its_arn_only_if_the_answer_lacks_it():
    create, wait, attach, put = KIND.ensure(role(), None)
    assert create.params["AssumeRolePolicyDocument"] == Json(trust())
    assert (wait.until, wait.outputs, wait.for_outputs) == ("role_exists", {"arn": "Role.Arn"}, True)
    arns = [search(create.outputs["arn"], {"Role": {"Arn": arn}}) for arn in ("arn:aws:iam::1:role/r", "AROA1")]
    assert arns == ["arn:aws:iam::1:role/r", None]
    assert (attach.operation, put.operation) == ("attach_role_policy", "put_role_policy")


def test_policies_are_taken_before_others_are_given_as_a_role_holds_only_so_many():
    have = role(managed_policies=frozenset({OTHER}), policies={"old": METRICS})
    operations = [operation for operation, _ in calls(KIND.ensure(role(), Live(have, {"id": NAME})))]
    assert operations == ["detach_role_policy", "delete_role_policy", "attach_role_policy", "put_role_policy"]


def test_made_then_nothing_to_do_then_gone():
    assert settle([role()]) == [f"create iam_role.{NAME}"]
    assert settle([], file=[role()]) == [f"delete iam_role.{NAME}"]
    assert look([role()]) == []


@pytest.mark.parametrize(
    "sent", [{"Description": "theirs"}, {"Description": ""}, {"MaxSessionDuration": 7200}, {}]
)
def test_an_update_of_a_role_keeps_what_is_not_sent(sent: dict[str, Any]):
    settle([role(max_session=5400)])
    by_hand("update_role", **sent)
    found = client("iam").get_role(RoleName=NAME)["Role"]
    before = {"Description": "of tasks", "MaxSessionDuration": 5400}
    assert {key: found.get(key, "") for key in before} == before | sent


DRIFTS: list[tuple[str, Callable[[], Any]]] = [
    ("description", lambda: by_hand("update_role_description", Description="theirs")),
    ("description", lambda: by_hand("update_role_description", Description="")),
    (
        "service_principal",
        lambda: by_hand(
            "update_assume_role_policy",
            PolicyDocument=json.dumps(trust(service_principal="ec2.amazonaws.com")),
        ),
    ),
    (
        "trust_conditions",
        lambda: by_hand(
            "update_assume_role_policy", PolicyDocument=json.dumps(trust(trust_conditions={OF_ACCOUNT}))
        ),
    ),
    ("managed_policies", lambda: by_hand("attach_role_policy", PolicyArn=OTHER)),
    ("managed_policies", lambda: by_hand("detach_role_policy", PolicyArn=EXECUTION)),
    ("policies", lambda: by_hand("put_role_policy", PolicyName="theirs", PolicyDocument=json.dumps(ANYTHING))),
    ("policies", lambda: by_hand("put_role_policy", PolicyName="metrics", PolicyDocument=json.dumps(ANYTHING))),
    ("policies", lambda: by_hand("delete_role_policy", PolicyName="metrics")),
]


@pytest.mark.parametrize(("field", "drift"), DRIFTS)
def test_what_was_changed_by_hand_is_put_right(field: str, drift: Callable[[], Any]):
    settle([role()])
    drift()
    assert differences(see([role()])) == {f"iam_role.{NAME}": [field]}
    settle([role()])


def test_a_tag_changed_by_hand_is_put_right():
    settle([role()])
    by_hand(
        "tag_role", Tags=[{"Key": "ecs-reconciler:name", "Value": "else"}, {"Key": "theirs", "Value": "kept"}]
    )
    assert differences(see([role()])) == {f"iam_role.{NAME}": ["tags"]}
    settle([role()])
    (found,) = look([role()])
    assert found.spec.tags["theirs"] == "kept"


def test_a_role_of_others_is_not_touched_whatever_the_case_of_its_name():
    iam = client("iam")
    iam.create_role(RoleName=NAME.upper(), AssumeRolePolicyDocument=json.dumps(trust()))
    (conflict,) = see([role()]).conflicts
    assert f"--role-name {NAME.upper()}" in conflict.remedy


def test_a_role_that_lost_its_tag_stops_the_plan():
    settle([role()])
    by_hand("untag_role", TagKeys=[STACK])
    assert [str(c.address) for c in see([role()]).conflicts] == [f"iam_role.{NAME}"]


def test_roles_of_others_cost_no_call_of_their_own():
    for n in range(30):
        client("iam").create_role(RoleName=f"theirs-{n}", AssumeRolePolicyDocument=json.dumps(trust()))
    with Counted() as counted:
        assert look([role()]) == []
    iam = {"GetRole", "ListAttachedRolePolicies", "ListRolePolicies", "GetRolePolicy"}
    assert not iam & counted.keys()


@contextmanager
def denying(*denied: str) -> Iterator[None]:
    """Refuse these operations of IAM within the block."""

    def deny(model: Any, **_: Any) -> Any:
        if model.name not in denied:
            return None
        error = {"Code": "AccessDenied", "Message": "no", "Type": "Sender"}
        metadata = {"HTTPStatusCode": 403, "RequestId": "1"}
        return type("Answer", (), {"status_code": 403})(), {"Error": error, "ResponseMetadata": metadata}

    events = client("iam").meta.events
    events.register_first("before-call.iam", deny, unique_id="deny")
    try:
        yield
    finally:
        events.unregister("before-call.iam", unique_id="deny")


@pytest.mark.parametrize(
    "denied", [["GetAccountAuthorizationDetails"], ["GetAccountAuthorizationDetails", "ListRoles"]]
)
def test_where_the_account_may_not_be_looked_at_as_a_whole_roles_are_asked_for_one_by_one(denied: list[str]):
    settle([role()])
    whole = look([role()])
    with denying(*denied), Counted() as counted:
        assert look([role()]) == whole
    assert counted["GetRole"] == 1


def test_a_role_that_left_the_file_is_found_there_too_though_the_tagging_index_knows_no_roles():
    settle([role()])
    with denying("GetAccountAuthorizationDetails"), open_reads(connection(), OURS) as reads:
        assert [live.outputs["id"] for live in KIND.read(replace(reads, directly=frozenset()))] == [NAME]


@pytest.mark.parametrize(
    ("attr", "own_id"), [("id", NAME), ("arn", f"arn:aws:iam::123456789012:role/path/{NAME}")]
)
def test_a_role_that_is_made_again_has_its_name_and_its_arn_again(attr: str, own_id: str):
    assert KIND.relations.keeps_ids
    assert KIND.relations.keeps_ids(Ref("iam_role", own_id, attr, by_id=True)) == NAME
