"""Names do not tell stacks apart: those that end in `shop-dev` also end in `dev`. Their tags do."""

from collections.abc import Mapping

import pytest
from uses import ACCOUNT, ANOTHER, TAGS, documents_of, facts_of, granted, with_the_job

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.policy import Use, policies
from reconciler.sandbox.authorization.decisions import Request, Target, find_refused

NAMED = {  # of a stack with the suffix `shop-dev`
    "ecr:TagResource": f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/ecr-repo-web-shop-dev",
    "iam:TagRole": f"arn:aws:iam::{ACCOUNT}:role/ecs-task-web-shop-dev",
    "logs:TagResource": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/ecs/web-shop-dev",
}


@pytest.mark.parametrize("use", [Use.APPLY, Use.CORRECT])
@pytest.mark.parametrize("action", NAMED)
@pytest.mark.parametrize(("owner", "allowed"), [(ANOTHER, False), ((), True)])
def test_what_another_stack_has_tagged_is_not_tagged_as_ours(use, action, owner, allowed):
    """What has no tag of any stack may be adopted."""
    of_resource, of_request = TAGS
    tags = {of_request: (platform().stack,), **({of_resource: owner} if owner else {})}
    assert is_allowed(use, action, NAMED[action], tags) == allowed


def platform() -> Platform:
    return with_the_job(load(DEFAULT_FILE, "dev", environ={}, region="us-east-1"))


def is_allowed(use: Use, action: str, arn: str, keys: Mapping[str, tuple[str, ...]]) -> bool:
    request = Request(action, (Target(arn, keys),), keys)
    return not [*find_refused(granted(documents_of(platform(), use)), [request])]


@pytest.mark.parametrize("use", Use)
def test_what_only_names_hold_is_told(use):
    role = f"arn:aws:iam::{ACCOUNT}:role/ecs-task-web-shop-dev"
    family = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/task-web-shop-dev:*"
    shared = [
        is_allowed(use, "iam:PassRole", role, {"iam:passedtoservice": ("ecs-tasks.amazonaws.com",)}),
        is_allowed(use, "ecs:RegisterTaskDefinition", family, {TAGS[1]: (platform().stack,)}),
    ]
    told = policies(platform(), facts_of(platform()), use).shared_names
    assert shared == [bool(told)] * 2
    assert not told or "a stack whose suffix ends in -dev" in told
