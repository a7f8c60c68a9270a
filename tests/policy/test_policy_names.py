"""Names do not tell stacks apart: those that end in `shop-dev` also end in `dev`. Their tags do."""

import pytest
from uses import ACCOUNT, ANOTHER, TAGS, documents_of, granted, with_the_job

from desired_state import DEFAULT_FILE, load
from reconciler.policy import Use
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
    platform = with_the_job(load(DEFAULT_FILE, "dev", environ={}, region="us-east-1"))
    of_resource, of_request = TAGS
    tags = {of_request: (platform.stack,), **({of_resource: owner} if owner else {})}
    request = Request(action, (Target(NAMED[action], tags),), tags)
    assert (not [*find_refused(granted(documents_of(platform, use)), [request])]) == allowed
