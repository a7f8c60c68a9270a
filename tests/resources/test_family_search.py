"""The choice of the revision by which a family of task definitions is read."""

from typing import Any

import pytest
from scripted import ScriptedAws, refused
from services import FAMILY, definition
from support import OTHERS, OURS

from reconciler.aws.reads import open_reads
from reconciler.model.tags import STACK
from reconciler.resources.task_families import MAX_REVISIONS_SEARCHED, find_families

ARN = f"arn:aws:ecs:us-east-1:123456789012:task-definition/{FAMILY}"
DELETED = "DELETED"


def aws(*owners: str | None) -> ScriptedAws:
    """A family whose revisions, from the first to the latest, bear these stacks' tags."""
    arns = [f"{ARN}:{number}" for number in range(1, len(owners) + 1)]

    def describe(taskDefinition: str, include: list[str]) -> Any:  # noqa: N803  # AWS's name of it
        number = len(owners) if taskDefinition == FAMILY else int(taskDefinition.rpartition(":")[2])
        owner = owners[number - 1]
        if owner == DELETED:
            return refused("ClientException", "Unable to describe task definition.")
        revision = {"taskDefinitionArn": arns[number - 1], "family": FAMILY, "revision": number}
        return {"taskDefinition": revision, "tags": [{"key": STACK, "value": owner}] if owner else []}

    families = {"families": [FAMILY]}
    arns_of_another = [f"{ARN}-2:1"]  # a prefix is all that ListTaskDefinitions knows
    return ScriptedAws(
        list_task_definition_families=families,
        list_task_definitions={"taskDefinitionArns": [*arns, *arns_of_another]},
        describe_task_definition=describe,
    )


def revision(account: ScriptedAws, *, is_wanted: bool = True) -> int:
    with open_reads(account, OURS, [definition()] if is_wanted else []) as reads:  # type: ignore[arg-type]  # as an Aws
        (family,) = find_families(reads)
    assert list(family.active) == sorted(family.active, key=lambda arn: -int(arn.rpartition(":")[2]))
    return int(family.raw["revision"])


@pytest.mark.parametrize(
    ("owners", "number"),
    [
        ([OURS.name], 1),
        ([None], 1),
        ([OURS.name, OURS.name], 2),
        ([OURS.name, None], 1),
        ([OURS.name, OURS.name, OTHERS.name, None], 2),
        ([OURS.name, DELETED, None], 1),
        ([None, OTHERS.name, None], 3),
    ],
)
def test_it_is_the_newest_that_is_ours_or_the_latest_if_none_is(owners: list[str | None], number: int):
    assert revision(aws(*owners)) == number


def test_the_search_ends_after_ten():
    others = [None] * MAX_REVISIONS_SEARCHED
    assert revision(aws(OURS.name, *others)) == 1
    assert revision(aws(OURS.name, None, *others)) == len(others) + 2


def test_nothing_is_searched_in_a_family_that_nobody_wants():
    account = aws(OURS.name, None)
    assert revision(account, is_wanted=False) == 2
    assert account.asked["describe_task_definition"] == 1
