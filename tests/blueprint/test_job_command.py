"""The command of the job that corrects drift, and the right that it needs beside those of a correction."""

from typing import Any

import pytest

from desired_state.drift import Drift, DriftCorrection, Notified
from desired_state.load import DEFAULT_FILE, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.resources.iam_role import IamRole
from reconciler.resources.task_definition import TaskDefinition

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
TOPIC = Notified(sns="arn:aws:sns:us-east-1:123456789012:drift")


def of_the_job(kind: type[Any], **keys: Any) -> Any:
    given = {"drift_correction": DriftCorrection(**keys), "drift": Drift(notify=(TOPIC,))}
    platform = load(DEFAULT_FILE, "dev123", environ={}, region="us-east-1").model_copy(update=given)
    (found,) = (
        s for s in blueprint(platform, FACTS) if isinstance(s, kind) and "task-drift-correction" in s.name
    )
    return found


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ({}, "--correct --notify"),
        ({"correct": "security", "notify": ()}, "--correct --only security"),
        ({"correct": "none"}, "--notify"),
    ],
)
def test_a_round_of_the_job_asks_who_made_what_it_finds(keys: dict[str, Any], options: str):
    (container,) = of_the_job(TaskDefinition, **keys).containers.values()
    assert " ".join(container.command) == f"drift --env dev123 --who {options}"


@pytest.mark.parametrize("correct", ["none", "safe"])
def test_its_role_may_ask_that(correct: str):
    role: IamRole = of_the_job(IamRole, correct=correct)
    allowed = {action for policy in role.policies.values() for s in policy.statements for action in s.actions}
    assert "cloudtrail:LookupEvents" in allowed
