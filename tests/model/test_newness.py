"""What AWS does not know yet passes by itself if this run made it, and never if a person gave it."""

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.errors import find_match
from reconciler.model.newness import PASSED_WITHIN, SHOWN_WITHIN, if_new, if_passed_later, while_new
from reconciler.model.references import Address, Ref
from reconciler.model.steps import ErrorMatch

OURS, OTHER, GIVEN = Ref("vpc", "vpc-dev"), Ref("vpc", "vpc-old"), Ref("vpc", "vpc-0a1b", by_id=True)
NOT_FOUND = ("InvalidVpcID.NotFound",)
CREATED = frozenset({Address("vpc", "vpc-dev")})


def codes_and_patience(*resources: Ref, **options: float) -> list[tuple[str, float | None]]:
    found = while_new(if_new(NOT_FOUND, *resources, **options), CREATED)
    return [(error.code, error.patience) for error in found if isinstance(error, ErrorMatch)]


def test_what_this_run_created_has_the_patience_of_the_call():
    assert codes_and_patience(OURS) == [("InvalidVpcID.NotFound", None)]


def test_one_new_resource_among_several_is_enough():
    assert codes_and_patience(OTHER, GIVEN, OURS) == [("InvalidVpcID.NotFound", None)]


def test_what_the_plan_found_may_be_seconds_old_and_has_seconds():
    assert codes_and_patience(OTHER) == [("InvalidVpcID.NotFound", SHOWN_WITHIN)]
    assert codes_and_patience(OTHER, known=5) == [("InvalidVpcID.NotFound", 5)]


def test_where_the_words_are_true_of_old_resources_they_are_believed():
    assert codes_and_patience(OTHER, known=0) == []


def test_waiting_does_not_help_with_an_id_that_a_person_gave():
    assert codes_and_patience(GIVEN) == []


def test_the_shorter_patience_stays_the_shorter_one():
    short = if_new((ErrorMatch("Gone", patience=5),), OTHER)
    assert while_new(short, CREATED)[0] == ErrorMatch("Gone", patience=5, new=(OTHER,), known=SHOWN_WITHIN)


@pytest.mark.parametrize("error", ["Busy", ErrorMatch("Busy", "words")])
def test_an_error_without_a_resource_always_passes(error: str | ErrorMatch):
    assert while_new((error,), frozenset()) == (error,)


@pytest.mark.parametrize(
    ("why", "passes"),
    [
        ("", True),
        (" because no identity-based policy allows the iam:PassRole action", True),
        (" with an explicit deny in an identity-based policy", False),
        (" with an explicit deny in a service control policy", False),
    ],
)
def test_the_right_to_pass_a_new_role_comes_later_unless_a_policy_denies_it(why: str, passes: bool):
    role = Ref("iam_role", "ecs-task-dev")
    on = "arn:aws:iam::1:role/ecs-task-dev"
    words = f"User: arn:aws:iam::1:user/ci is not authorized to perform: iam:PassRole on resource: {on}{why}"
    denied = ClientError(
        {"Error": {"Code": "AccessDeniedException", "Message": words}}, "RegisterTaskDefinition"
    )
    found = find_match(denied, while_new(if_passed_later(role), frozenset({role.address})))
    assert (found.patience if found else None) == (PASSED_WITHIN if passes else None)
