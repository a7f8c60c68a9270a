"""What a holder could do to what is not the stack's and has names like it: told, or refused."""

import pytest
from uses import ACCOUNT, documents_of, facts_of, granted

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.policy import Use, policies
from reconciler.sandbox.authorization.decisions import Request, Target, evaluate

OF_SHOP_DEV = {  # another stack, whose suffix is `shop-dev`
    "pass its roles": (
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/ecs-task-web-shop-dev",
        {"iam:passedtoservice": ("ecs-tasks.amazonaws.com",)},
    ),
    "delete revisions": (
        "ecs:DeleteTaskDefinitions",
        f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/task-web-shop-dev:1",
        {},
    ),
}
NAMES = "route53:changeresourcerecordsetsnormalizedrecordnames"
WRITING = [Use.APPLY, Use.CORRECT, Use.DESTROY]


def default() -> Platform:
    return load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")


def is_allowed(use: Use, action: str, arn: str, keys: dict[str, tuple[str, ...]]) -> bool:
    return evaluate(granted(documents_of(default(), use)), Request(action, (Target(arn),), keys)).is_allowed


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize("deed", OF_SHOP_DEV)
def test_what_is_possible_with_a_stack_of_similar_names_is_told(use, deed):
    told = policies(default(), facts_of(default()), use).overlap
    assert (deed in told.replace("register and delete", "delete")) == is_allowed(use, *OF_SHOP_DEV[deed])
    assert not told or "`x-dev`" in told


@pytest.mark.parametrize("use", WRITING)
def test_records_are_changed_in_the_stacks_namespace_only(use):
    zone, own = "arn:aws:route53:::hostedzone/Z1", f"api.{default().discovery.namespace}"
    action = "route53:ChangeResourceRecordSets"
    assert is_allowed(use, action, zone, {NAMES: (own,)})
    assert is_allowed(use, action, zone, {})  # Cloud Map may not tell them
    assert not is_allowed(use, action, zone, {NAMES: (own, "www.example.com")})
    assert not is_allowed(use, action, zone, {NAMES: (f"{own}.example.com",)})
