"""What policies say of a request, without AWS: the cases of IAM's user guide."""

import json
from typing import Any

import pytest

from reconciler.sandbox.authorization.decisions import Policies, Request, Target, evaluate, find_refused

VPC = "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1"
NONE = "because no identity-based policy allows the ec2:DeleteVpc action"
DENIED = "with an explicit deny in an identity-based policy"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**ALL, **each} for each in statements]})


def without(name: str, **instead: Any) -> dict[str, Any]:
    """Return a statement that allows everything, in which one element has another in its place."""
    return {key: value for key, value in ALL.items() if key != name} | instead


def why(*statements: dict[str, Any], action: str = "ec2:DeleteVpc", arn: str = VPC, **keys: Any) -> str:
    """Return why these statements refuse the request; keys are given with `__` for `:` and `___` for `/`."""
    named = {k.replace("___", "/").replace("__", ":").lower(): v for k, v in keys.items()}
    request = Request(action, (Target(arn),), {k: (v,) if isinstance(v, str) else v for k, v in named.items()})
    return evaluate(Policies((json.dumps({"Statement": statements}),)), request).why


@pytest.mark.parametrize(
    ("element", "value", "expected"),
    [
        ("Action", "ec2:DeleteVpc", ""),
        ("Action", "EC2:deletevpc", ""),
        ("Action", ["ecs:*", "ec2:Delete*"], ""),
        ("Action", "ec2:DeleteVp?", ""),
        ("Action", "ec2:Delete", NONE),
        ("NotAction", "ecs:*", ""),
        ("NotAction", "ec2:*", NONE),
        ("Resource", VPC, ""),
        ("Resource", VPC.upper(), NONE),
        ("Resource", "arn:aws:ec2:*", ""),
        ("Resource", "arn:aws:*-1", ""),
        ("Resource", "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-?", ""),
        ("Resource", "arn:aws:ec2:us-east-1:123456789012:subnet/*", NONE),
        ("NotResource", "arn:aws:ec2:*:*:subnet/*", ""),
        ("NotResource", "arn:aws:ec2:*:*:vpc/*", NONE),
    ],
)
def test_a_statement_speaks_of_actions_without_case_and_of_resources_with_it(element, value, expected):
    assert why(without(element.removeprefix("Not"), **{element: value})) == expected


def test_what_knows_no_resource_is_allowed_by_a_star_only():
    named = without("Resource", Resource="arn:aws:ec2:*:*:*/*")
    assert why(named, arn="*") == NONE
    assert why(ALL, arn="*") == ""


def test_a_deny_is_stronger_than_any_allow():
    assert why(ALL, {**ALL, "Effect": "Deny", "Action": "ec2:Delete*"}) == DENIED
    assert why(ALL, {**ALL, "Effect": "Deny", "Action": "ecs:*"}) == ""


TAG = {"aws:ResourceTag/stack": "a"}
KEYS = {"aws:TagKeys": ["stack", "name"]}


@pytest.mark.parametrize(
    ("operator", "wanted", "keys", "met"),
    [
        ("StringEquals", TAG, {"aws__ResourceTag___stack": "a"}, True),
        ("StringEquals", TAG, {"aws__ResourceTag___stack": "A"}, False),
        ("StringEquals", TAG, {}, False),
        ("StringEqualsIfExists", TAG, {}, True),
        ("StringEqualsIfExists", TAG, {"aws__ResourceTag___stack": "b"}, False),
        ("StringEqualsIgnoreCase", TAG, {"aws__ResourceTag___stack": "A"}, True),
        ("StringNotEquals", TAG, {"aws__ResourceTag___stack": "b"}, True),
        ("StringNotEquals", TAG, {"aws__ResourceTag___stack": "a"}, False),
        ("StringNotEquals", TAG, {}, True),
        ("StringEquals", {"AWS:ResourceTag/STACK": ["b", "a"]}, {"aws__ResourceTag___stack": "a"}, True),
        ("StringLike", {"aws:ResourceTag/stack": "shop/*"}, {"aws__ResourceTag___stack": "shop/a/b"}, True),
        ("StringEquals", {"aws:ResourceTag/stack": "shop/*"}, {"aws__ResourceTag___stack": "shop/a"}, False),
        ("StringNotLike", {"aws:ResourceTag/stack": "shop/*"}, {"aws__ResourceTag___stack": "x"}, True),
        ("Null", {"aws:RequestTag/stack": "true"}, {}, True),
        ("Null", {"aws:RequestTag/stack": "true"}, {"aws__RequestTag___stack": ""}, False),
        ("Null", {"aws:RequestTag/stack": False}, {"aws__RequestTag___stack": "a"}, True),
        ("Bool", {"aws:ViaAWSService": "false"}, {"aws__ViaAWSService": "false"}, True),
        ("Bool", {"aws:ViaAWSService": True}, {"aws__ViaAWSService": "false"}, False),
        ("ForAllValues:StringEquals", KEYS, {"aws__TagKeys": ("stack",)}, True),
        ("ForAllValues:StringEquals", KEYS, {"aws__TagKeys": ("stack", "x")}, False),
        ("ForAllValues:StringEquals", KEYS, {}, True),
        ("ForAnyValue:StringEquals", KEYS, {"aws__TagKeys": ("x", "name")}, True),
        ("ForAnyValue:StringEquals", KEYS, {"aws__TagKeys": ("x",)}, False),
        ("ForAnyValue:StringEquals", KEYS, {}, False),
        ("ForAllValues:StringNotEquals", KEYS, {"aws__TagKeys": ("x", "y")}, True),
        ("ForAllValues:StringNotEquals", KEYS, {"aws__TagKeys": ("x", "name")}, False),
        ("ArnLike", {"ecs:cluster": "arn:aws:ecs:*:*:cluster/a-*"}, {"ecs__cluster": "arn:aws:ecs:r:1:cluster/a-b"}, True),
        ("ArnEquals", {"ecs:cluster": "arn:*:cluster/a"}, {"ecs__cluster": "arn:aws:ecs:r:1:cluster/a"}, False),
        ("ArnNotEquals", {"ecs:cluster": "arn:aws:ecs:r:1:cluster/b"}, {"ecs__cluster": "arn:aws:ecs:r:1:cluster/a"}, True),
        ("NumericLessThanEquals", {"s3:max-keys": 10}, {"s3__max-keys": "10"}, True),
        ("DateGreaterThan", {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, {"aws__CurrentTime": "2026-01-02T00:00:00Z"}, True),
        ("IpAddress", {"aws:SourceIp": "127.0.0.0/8"}, {"aws__SourceIp": "127.0.0.1"}, True),
        ("NotIpAddress", {"aws:SourceIp": "127.0.0.0/8"}, {"aws__SourceIp": "127.0.0.1"}, False),
    ],
)  # fmt: skip
def test_a_condition_is_met_or_not(operator, wanted, keys, met):
    assert why({**ALL, "Condition": {operator: wanted}}, **keys) == ("" if met else NONE)


def test_all_conditions_of_a_statement_must_be_met():
    both = {**ALL, "Condition": {"StringEquals": TAG, "Null": {"aws:RequestTag/x": "true"}}}
    keys = {"aws__ResourceTag___stack": "a"}
    assert why(both, **keys) == ""
    assert why(both, **keys, aws__RequestTag___x="1") == NONE


def test_a_variable_is_a_value_without_wildcards_and_without_a_value_matches_nothing():
    own = {"Action": "*", "Effect": "Allow", "Resource": "arn:aws:iam::1:user/${aws:username}"}
    assert why(own, arn="arn:aws:iam::1:user/alice", aws__username="alice") == ""
    assert why(own, arn="arn:aws:iam::1:user/alice", aws__username="*") == NONE
    assert why(own, arn="arn:aws:iam::1:user/") == NONE
    assert (
        why(
            {**own, "Resource": "arn:aws:iam::1:user/${aws:username, 'nobody'}"},
            arn="arn:aws:iam::1:user/nobody",
        )
        == ""
    )


def test_an_operator_that_is_not_played_is_an_error_and_not_a_permission():
    with pytest.raises(ValueError, match="BinaryEquals"):
        why({**ALL, "Condition": {"BinaryEquals": {"key": "AA=="}}})


def test_every_resource_must_be_allowed_each_with_its_own_tags():
    fenced = document({"Resource": "arn:aws:ec2:*:*:vpc/*", "Condition": {"StringEquals": TAG}})
    new = document({"Resource": "arn:aws:ec2:*:*:subnet/*"})
    ours = Target(VPC, {"aws:resourcetag/stack": ("a",)})
    request = Request("ec2:CreateSubnet", (Target("arn:aws:ec2:r:1:subnet/*"), ours))
    assert evaluate(Policies((fenced, new)), request).is_allowed
    assert evaluate(Policies((new,)), request).resource == VPC
    assert evaluate(Policies((fenced,)), request).resource.endswith("subnet/*")


@pytest.mark.parametrize(
    ("boundary", "session", "expected"),
    [
        (document({}), document({}), ""),
        (
            document({"Action": "ecs:*"}),
            None,
            "because no permissions boundary allows the ec2:DeleteVpc action",
        ),
        (document({}, {"Effect": "Deny"}), None, "with an explicit deny in a permissions boundary"),
        (None, document({"Action": "ecs:*"}), "because no session policy allows the ec2:DeleteVpc action"),
    ],
)
def test_a_boundary_and_the_policy_of_a_session_only_limit(boundary, session, expected):
    request = Request("ec2:DeleteVpc", (Target(VPC),))
    assert evaluate(Policies((document({}),), boundary, session), request).why == expected
    assert not evaluate(Policies((), boundary, session), request).is_allowed


def test_the_actions_that_are_missing_for_what_was_recorded_are_named():
    recorded = [Request(f"ec2:{name}", (Target(VPC),)) for name in ("DescribeVpcs", "DeleteVpc")]
    [missing] = find_refused(Policies((document({"Action": "ec2:Describe*"}),)), recorded)
    assert (missing.action, missing.resource) == ("ec2:DeleteVpc", VPC)
