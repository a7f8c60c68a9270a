"""Families of task definitions, each by one revision: AWS has no call that describes several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.steps import ErrorMatch

Raw = Mapping[str, Any]

LOOKED_AT = 10  # revisions, at most, among which one of ours is searched where the latest is not
ABSENT = (ErrorMatch("ClientException", "Unable to describe task definition"),)


@dataclass(frozen=True)
class Family:
    """A revision as DescribeTaskDefinition tells it, and the ARNs of all that are ACTIVE, newest first.

    `inactive`: of all that are INACTIVE, if the family is ours and is to go.
    """

    raw: Raw
    tags: tags.Tags
    active: Sequence[str]
    inactive: Sequence[str] = ()


def found(reads: Reads) -> list[Family]:
    """Those that may be ours."""
    return [family for family in reads.map(partial(_whole, reads), _candidates(reads)) if family]


def unwanted(reads: Reads) -> list[str]:
    """Names of those that are ours and that nobody wants any more."""
    wanted, stack = reads.names("task_definition"), reads.stack.name
    if wanted.issuperset(_candidates(reads)):
        return []
    names = (family.raw["family"] for family in found(reads) if tags.owner(family.tags) == stack)
    return [name for name in names if name not in wanted]


def _candidates(reads: Reads) -> list[str]:
    names = reads.pages("ecs", "list_task_definition_families", "families[]", status="ACTIVE")
    return [name for name in names if reads.is_candidate("task_definition", name) or name in _tagged(reads)]


def _tagged(reads: Reads) -> set[str]:
    return {number(arn)[0] for arn in reads.tagged if ":task-definition/" in arn}


def _whole(reads: Reads, name: str) -> Family | None:
    family = _family(reads, name)
    stays = (
        family is None or tags.owner(family.tags) != reads.stack.name or reads.is_kept("task_definition", name)
    )
    return family if family is None or stays else replace(family, inactive=_revisions(reads, name, "INACTIVE"))


def _family(reads: Reads, name: str) -> Family | None:
    """By its newest revision that is ours; by its latest, if none is; None without an ACTIVE one."""
    latest = _described(reads, name)
    if latest is None:
        return None
    raw, owned = latest
    active = [raw["taskDefinitionArn"]] if raw["revision"] == 1 else _revisions(reads, name, "ACTIVE")
    if tags.owner(owned) == reads.stack.name:
        return Family(raw, owned, active)
    for arn in _likely(reads, name, [arn for arn in active if arn != raw["taskDefinitionArn"]]):
        earlier = _described(reads, arn)
        if earlier and tags.owner(earlier[1]) == reads.stack.name:
            return Family(*earlier, active)
    return Family(raw, owned, active)


def _likely(reads: Reads, name: str, earlier: Sequence[str]) -> Sequence[str]:
    """Where to look for ours under a later revision that somebody, perhaps CI, registered without our tags."""
    if not earlier:
        return ()
    tagged = [arn for arn in earlier if arn in reads.tagged]
    others = [arn for arn in earlier if arn not in reads.tagged]
    return (tagged + others * (name in reads.names("task_definition")))[:LOOKED_AT]


def _described(reads: Reads, which: str) -> tuple[Raw, tags.Tags] | None:
    asked = {"taskDefinition": which, "include": ["TAGS"]}
    told = reads.ask("ecs", "describe_task_definition", "[taskDefinition, tags]", absent=ABSENT, **asked)
    return (told[0], tags.parse(told[1])) if told else None


def _revisions(reads: Reads, family: str, status: str) -> list[str]:
    path, which = "taskDefinitionArns[]", {"familyPrefix": family, "status": status, "sort": "DESC"}
    arns: list[str] = reads.pages("ecs", "list_task_definitions", path, (), **which)
    return sorted((arn for arn in arns if number(arn)[0] == family), key=number, reverse=True)


def number(arn: str) -> tuple[str, int]:
    """Family and revision."""
    family, _, revision = arn.rpartition("/")[2].partition(":")
    return family, int(revision)
