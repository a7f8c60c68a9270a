"""What changes nothing beside the other statements is left out, and nothing else."""

import pytest

from reconciler.resources.iam_policy import Statement
from reconciler.rights.needless import leave_out_needless

OURS, OWN = "arn:aws:sqs:us-east-1:1:ours", "arn:aws:sqs:us-east-1:1:own"
LIMIT = ("StringEquals", "iam:PermissionsBoundary", frozenset({"limit"}))
NO_LIMIT = ("StringNotEquals", *LIMIT[1:])


def statement(effect: str, *actions: str, on: str = OURS, under: tuple[str, str, frozenset[str]] | None = None):
    conditions = frozenset([under] if under else [])
    resources = frozenset(on.split())
    return Statement(effect=effect, actions=frozenset(actions), resources=resources, conditions=conditions)


ALLOWED = statement("Allow", "sqs:SetQueueAttributes", on=f"{OURS} {OWN}")


@pytest.mark.parametrize(
    ("denial", "left"),
    [
        (statement("Deny", "sqs:Set*", on=OWN), OURS),
        (statement("Deny", "sqs:Tag*", "sqs:Set*", on=OWN), OURS),
        (statement("Deny", "sqs:Tag*", on=OWN), f"{OURS} {OWN}"),
        (statement("Deny", "sqs:Set*", on=OWN, under=LIMIT), f"{OURS} {OWN}"),
        (statement("Deny", "sqs:Set*", on=f"{OWN}*"), f"{OURS} {OWN}"),
    ],
)
def test_what_is_denied_in_any_case_is_not_allowed_first(denial, left):
    assert leave_out_needless([ALLOWED, denial])[0].resources == frozenset(left.split())


def test_a_resource_stays_allowed_for_what_is_not_denied_on_it():
    both = statement("Allow", "sqs:SetQueueAttributes", "sqs:TagQueue", on=f"{OURS} {OWN}")
    assert leave_out_needless([both, statement("Deny", "sqs:Set*", on=OWN)])[0] == both


def test_of_a_denial_only_what_something_allows_is_left_with_its_resources():
    role = "arn:aws:iam::1:role/own"
    denial = statement("Deny", "sqs:Set*", "sqs:Tag*", "iam:Put*", on=f"{OWN} {role}")
    assert leave_out_needless([ALLOWED, denial])[1] == statement("Deny", "sqs:Set*", on=OWN)
    assert leave_out_needless([statement("Allow", "ecs:UpdateService"), denial])[1:] == []


def test_a_denial_of_what_a_condition_excludes_is_left_out():
    denial = statement("Deny", "sqs:Set*", under=NO_LIMIT)
    limited = ALLOWED.model_copy(update={"conditions": frozenset([LIMIT])})
    assert leave_out_needless([limited, denial]) == [limited]
    assert leave_out_needless([ALLOWED, denial]) == [ALLOWED, denial]
