import json
from typing import Any
from urllib.parse import quote

import pytest

from reconciler.resources.iam_policy import Policy, Statement, parse_policy

READ = Statement(actions=frozenset({"s3:GetObject"}), resources=frozenset({"*"}))


def document(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


@pytest.mark.parametrize(
    "raw",
    [
        document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}),
        document({"Effect": "allow", "Action": ["s3:GetObject"], "Resource": ["*"], "Sid": "Read"}),
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}},
        json.dumps(document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})),
        quote(json.dumps(document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}))),
    ],
)
def test_documents_that_mean_the_same_are_equal(raw: Any):
    assert parse_policy(raw) == Policy(statements=frozenset({READ}))


def test_the_order_of_statements_actions_and_values_means_nothing():
    one = {"Effect": "Allow", "Action": ["a:B", "c:D"], "Resource": ["x", "y"]}
    other = {"Effect": "Deny", "Action": "e:F", "Resource": "*"}
    turned = {"Effect": "Allow", "Action": ["c:D", "a:B"], "Resource": ["y", "x"]}
    assert parse_policy(document(one, other)) == parse_policy(document(other, turned))


def test_values_of_conditions_are_texts():
    conditions = {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"s3:max-keys": [10, "20"]}}
    (found,) = parse_policy(
        document({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": conditions})
    ).statements
    assert found.conditions == {
        ("Bool", "aws:SecureTransport", frozenset({"true"})),
        ("NumericLessThan", "s3:max-keys", frozenset({"10", "20"})),
    }


@pytest.mark.parametrize(
    "raw",
    [
        document({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}),
        document({"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}),
        document({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "x"}),
        {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]},
    ],
)
def test_documents_that_mean_something_else_are_not(raw: Any):
    assert parse_policy(raw) != Policy(statements=frozenset({READ}))


def test_what_is_sent_is_read_as_it_was_meant():
    conditions = frozenset(
        {("StringEquals", "aws:a", frozenset({"1", "2"})), ("StringLike", "aws:b", frozenset({"*"}))}
    )
    deny = Statement(
        effect="Deny", actions=frozenset({"a:B", "c:D"}), resources=frozenset({"x"}), conditions=conditions
    )
    whole = Policy(statements=frozenset({READ, deny}))
    assert parse_policy(whole.document) == whole


def test_a_statement_says_when_it_holds():
    statement = {"Effect": "Deny", "Action": ["s3:Put*", "s3:Get*"], "Resource": "*"}
    condition = {"StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}, "Bool": {"aws:SecureTransport": False}}
    told = "Deny s3:Get*, s3:Put* on *"
    assert str(parse_policy({"Statement": statement})) == told
    assert str(parse_policy({"Statement": statement | {"Condition": condition}})) == (
        f"{told} if aws:SecureTransport Bool false and aws:PrincipalTag/team StringEquals a, b"
    )
