"""Families of task definitions, each with one of its revisions, as AWS describes only one revision a call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from reconciler.aws.candidates import find_only, is_candidate, is_kept
from reconciler.aws.indexed import indexed_tags, is_brief
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.steps import ErrorMatch

Raw = Mapping[str, Any]

KIND = "task_definition"

MAX_REVISIONS_SEARCHED = 10  # for one of ours, if the latest is not ours
NOT_FOUND = (ErrorMatch("ClientException", "Unable to describe task definition"),)


@dataclass(frozen=True)
class Family:
    """A family of task definitions and one revision of it."""

    raw: Raw  # the revision as DescribeTaskDefinition gives it
    tags: tags.Tags  # of the revision
    active: Sequence[str]
    """The ARNs of all ACTIVE revisions, newest first; only the newest if `indexed.is_brief` says so."""
    inactive: Sequence[str] = ()
    """The ARNs of all INACTIVE ones, newest first, if the family is ours and to be deleted."""


def find_families(reads: Reads, names: Iterable[str] | None = None) -> list[Family]:
    """Return the families with these names, or those that may be ours."""
    candidates = _list_candidates(reads) if names is None else names
    found = reads.map(partial(_read_family, reads), candidates)
    if reads.destroying and names is None:
        found += reads.map(partial(_read_inactive, reads), _list_candidates(reads, "INACTIVE"))
    return [family for family in found if family]


def find_unwanted_families(reads: Reads) -> list[str]:
    """Return the names of the families that are ours and not desired."""
    wanted, stack = reads.desired.names(KIND), reads.stack.name
    if wanted.issuperset(_list_candidates(reads)):
        return []
    names = (family.raw["family"] for family in find_families(reads) if tags.owner(family.tags) == stack)
    return [name for name in names if name not in wanted]


def list_all(reads: Reads, status: str = "ACTIVE") -> list[str]:
    """Return the names of the account's families: those with an ACTIVE revision, or those without any."""
    return reads.pages("ecs", "list_task_definition_families", "families[]", status=status)


def _list_candidates(reads: Reads, status: str = "ACTIVE") -> list[str]:
    if only := find_only(reads, KIND):
        return [only]
    names = list_all(reads, status)
    if reads.desired.names(KIND).issuperset(names):
        return names
    tagged = {parse_revision(arn)[0]: arn for arn in indexed_tags(reads) if ":task-definition/" in arn}
    return [name for name in names if is_candidate(reads, KIND, name, tagged.get(name, f"{name}:0"))]


def _read_family(reads: Reads, name: str) -> Family | None:
    """Return the family, with its INACTIVE revisions if it is to be deleted; None if it has no ACTIVE one."""
    family = _find_ours(reads, name)
    if family is None or tags.owner(family.tags) != reads.stack.name or is_kept(reads, KIND, name):
        return family
    return replace(family, inactive=_list_revisions(reads, name, "INACTIVE"))


def _read_inactive(reads: Reads, name: str) -> Family | None:
    """Return a family without an ACTIVE revision, which a destroy leaves that is killed before its last call.

    None if it is not ours, or if AWS is deleting all of its revisions.
    """
    inactive = _list_revisions(reads, name, "INACTIVE")
    for arn in (*inactive[:1], *_select_likely(reads, name, inactive[1:])):
        found = _describe(reads, arn)
        if found and tags.owner(found[1]) == reads.stack.name:
            return Family(*found, active=(), inactive=inactive)
    return None


def _find_ours(reads: Reads, name: str) -> Family | None:
    """Return the family with its newest revision that is ours, or with its latest one if none is ours."""
    latest = _describe(reads, name)
    if latest is None:
        return None
    raw, resource_tags = latest
    is_ours, newest = tags.owner(resource_tags) == reads.stack.name, raw["taskDefinitionArn"]
    needs_no_list = raw["revision"] == 1 or (is_ours and is_brief(reads, KIND, name))
    active = [newest] if needs_no_list else _list_revisions(reads, name, "ACTIVE")
    if is_ours:
        return Family(raw, resource_tags, active)
    for arn in _select_likely(reads, name, [arn for arn in active if arn != newest]):
        earlier = _describe(reads, arn)
        if earlier and tags.owner(earlier[1]) == reads.stack.name:
            return Family(*earlier, active)
    return Family(raw, resource_tags, active)


def _select_likely(reads: Reads, name: str, earlier: Sequence[str]) -> Sequence[str]:
    """Return the earlier revisions that may be ours, if others, such as CI, registered a later one."""
    if not earlier:
        return ()
    tagged = [arn for arn in earlier if arn in indexed_tags(reads)]
    others = [arn for arn in earlier if arn not in indexed_tags(reads)]
    is_wanted = name in reads.desired.names(KIND)
    return (tagged + (others if is_wanted else []))[:MAX_REVISIONS_SEARCHED]


def _describe(reads: Reads, which: str) -> tuple[Raw, tags.Tags] | None:
    """Return a revision and its tags, given its ARN or, for the latest, the family; None if there is none."""
    params = {"taskDefinition": which, "include": ["TAGS"]}
    path = "[taskDefinition, tags]"
    answer = reads.ask("ecs", "describe_task_definition", path, absent=NOT_FOUND, **params)
    return (answer[0], tags.parse(answer[1])) if answer else None


def runs_foreign_revision(reads: Reads, arn: str) -> bool:
    """Tell whether a revision is not ours. AWS is asked for it only if it is not the newest of ours."""
    stack, families = reads.stack.name, find_families(reads, [parse_revision(arn)[0]])
    if any(found.raw["taskDefinitionArn"] == arn and tags.owner(found.tags) == stack for found in families):
        return False
    revision = _describe(reads, arn)
    return revision is not None and tags.owner(revision[1]) != reads.stack.name


def _list_revisions(reads: Reads, family: str, status: str) -> list[str]:
    """Return the ARNs of the family's revisions with this status, newest first."""
    path, which = "taskDefinitionArns[]", {"familyPrefix": family, "status": status, "sort": "DESC"}
    arns: list[str] = reads.pages("ecs", "list_task_definitions", path, (), **which)
    return sorted((arn for arn in arns if parse_revision(arn)[0] == family), key=parse_revision, reverse=True)


def parse_revision(arn: str) -> tuple[str, int]:
    """Return the family and the number of a revision, given its ARN."""
    family, _, revision = arn.rpartition("/")[2].partition(":")
    return family, int(revision)


def is_earlier(arn: str, than: str) -> bool:
    """Tell whether a revision is an earlier one of the same family, given the ARNs of both."""
    (family, revision), (own_family, newest) = parse_revision(arn), parse_revision(than)
    return family == own_family and revision < newest
