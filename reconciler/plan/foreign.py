"""Find foreign resources that depend on what a plan deletes: AWS would delete them too, or refuse."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reconciler.aws.cli_command import cli_command, cli_commands
from reconciler.model.plan import Change, Conflict
from reconciler.model.references import Address, Ref, first_addresses, walk
from reconciler.model.spec import Live, Spec
from reconciler.model.tags import NAME, STACK
from reconciler.plan.index import PlanIndex
from reconciler.resources.kind import Kinds

NAMED_AT_MOST = 3  # resources in one message


def foreign_dependents(
    index: PlanIndex, deletions: Iterable[Change]
) -> Iterator[tuple[Live[Any], Sequence[Address]]]:
    """Yield each foreign resource that depends on deleted ones, with the addresses of those."""
    to_delete = [change.live for change in deletions if change.live]
    deleted = {ref: live.spec.address for live in to_delete for ref in deleted_refs(index.kinds, live)}
    for live in index.foreign if deleted else ():
        parents = index.kinds[live.spec.kind].parents(live.spec)
        if needs := {deleted[ref] for ref in walk(parents) if ref in deleted}:
            yield live, sorted(needs)


def deleted_refs(kinds: Kinds, live: Live[Any]) -> Iterator[Ref]:
    """Yield every Ref by which others may refer to a live resource or to what AWS deletes with it."""
    also_deletes = kinds[live.spec.kind].relations.also_deletes
    yield from live.own_refs
    for own_id in also_deletes(live) if also_deletes else ():
        yield Ref(live.spec.kind, own_id, by_id=True)


def foreign_dependent(index: PlanIndex, live: Live[Any], needs: Sequence[Address]) -> Conflict:
    """Return the conflict of a foreign resource that depends on deleted ones."""
    what = first_addresses(needs, NAMED_AT_MOST)
    remedy = "move it away, change it so that it does without, or delete it first"
    if not live.owner:
        remedy += f": {remove_commands(index, live)}"
    why = f"{describe_owner(live)} and needs {what}, which this plan would delete"
    return Conflict(live.spec.address, why, remedy, frozenset({live.key}))


def blocked_deletions(deletions: Iterable[Change]) -> Iterator[Conflict]:
    """Yield the conflict of each deletion that AWS would refuse, halfway, because of what others have."""
    for change in deletions:
        if change.live and (blockers := change.live.blockers):
            named = blockers[:NAMED_AT_MOST]
            more = f" and {len(blockers) - len(named)} more" if len(blockers) > len(named) else ""
            why = f"AWS would refuse to delete it because of {', '.join(b.what for b in named)}{more}"
            remedy = "; ".join(dict.fromkeys(b.remedy for b in named))
            yield Conflict(change.address, why, f"if nobody needs that, remove it first: {remedy}")


def remove_commands(index: PlanIndex, live: Live[Any]) -> str:
    """Return the AWS CLI commands that remove a foreign resource."""
    return cli_commands(index.kinds[live.spec.kind].remove(live), index.region)


def describe_owner(live: Live[Any]) -> str:
    """Return the owner of a foreign resource, as the end of a sentence about it."""
    return f"belongs to stack {live.owner}" if live.owner else "does not carry this stack's tags"


def adopt_command(index: PlanIndex, want: Spec, live: Live[Any]) -> str | None:
    """Return the AWS CLI command that tags a foreign resource as the desired one; None if AWS cannot tag it."""
    tagging = index.kinds[want.kind].any_tag_call
    if tagging is None:
        return None
    own_tags = {k: v for k, v in want.tags.items() if k in (STACK, NAME)}
    return cli_command(tagging.call(live.outputs[tagging.attr], own_tags), index.region)
