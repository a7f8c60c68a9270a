"""A plan prepared for text and JSON: its changes by heading and in order, counts, ids and notes."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address, Ref, resolve, walk
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Outputs
from reconciler.model.tags import SERVICE
from reconciler.render.headings import heading, rank

NOT_THERE = "it is not there yet"  # said in place of AWS's words of what is not ours to make
LOSSES_NAMED = 5  # at most; the others are only counted
OP_SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "±", "move": "→", "await": "?"}


@dataclass(frozen=True)
class Entry:
    """One change with its later parts, and for a replacement the deletion of the old resource."""

    change: Change
    replaced: Change | None
    later: tuple[Change, ...] = ()

    @property
    def op(self) -> str:
        """Return a key of `OP_SIGNS`."""
        if self.change.moved or self.replaced:
            return "move" if self.change.moved else "replace"
        return "update" if any(part.op is Op.UPDATE for part in self.parts) else str(self.change.op)

    @property
    def parts(self) -> tuple[Change, ...]:
        """The change to the resource, with its later parts."""
        return self.change, *self.later

    @property
    def only_names_service(self) -> bool:
        """Tell whether only the tag that names the resource's service changes."""
        fields = self.change.fields
        return (
            self.op == "update" and [f.field for f in fields] == ["tags"] and fields[0].want.keys() == {SERVICE}
        )


def entries(plan: Plan) -> dict[str, list[Entry]]:
    """Return the changes by heading, and under each in an order in which they can be made."""
    by_key = {change.key: change for change in plan.changes}
    replaced = {change.replaces for change in plan.changes}
    depth = _depths(plan)
    found, parts = defaultdict(list), defaultdict(list)
    in_order = sorted(plan.changes, key=lambda c: (depth[c.key], c.key))
    for change in in_order:
        parts[_resource(change)].append(change)
    for change in in_order:
        first, *later = parts[_resource(change)]
        if change is first and change.key not in replaced:
            found[heading(change)].append(Entry(change, by_key.get(change.replaces or ""), tuple(later)))
    return {title: found[title] for title in sorted(found, key=rank)}


def describe_order(plan: Plan, entry: Entry) -> str:
    """Return the order of a replacement, in words: whether the old or the new resource comes first."""
    first = entry.replaced and entry.replaced.key in _all_before(plan, entry.change)
    return "deleted first: interrupts" if first else "new one first"


def _all_before(plan: Plan, change: Change) -> set[str]:
    """Return the keys of all changes that come before one: what it replaces may go with something else."""
    after = {other.key: other.after for other in plan.changes}
    found, left = set[str](), [change.key]
    while left:
        new = after.get(left.pop(), frozenset()) - found
        found |= new
        left += new
    return found


def _resource(change: Change) -> str:
    """Return what the parts of one change have in common: a deletion has a resource of its own."""
    return str(change.address) if change.want else change.key


def _depths(plan: Plan) -> dict[str, int]:
    """Return, for each change, the length of the longest chain of changes that ends in it."""
    depth: dict[str, int] = {}
    for change in plan.changes:
        depth[change.key] = 1 + max((depth.get(key, 0) for key in change.after), default=0)
    return depth


def count_changes(plan: Plan) -> Counter[str]:
    """Return the number of changes by the keys of `OP_SIGNS`, and the number of AWS calls under `calls`."""
    found = Counter(entry.op for under in entries(plan).values() for entry in under)
    found["calls"] = sum(isinstance(step, Call) for change in plan.changes for step in change.steps)
    return found


def format_counts(plan: Plan) -> str:
    """Format the counts as `41 to create, 2 to update; 88 AWS calls`."""
    counts = count_changes(plan)
    parts = [f"{counts[op]:,} to {op}" for op in OP_SIGNS if counts[op]]
    return f"{', '.join(parts)}; {counts['calls']:,} AWS call{'s' * (counts['calls'] != 1)}"


def describe_losses(plan: Plan) -> Iterator[str]:
    """Yield a sentence about the data that the plan deletes for good, if there is any."""
    losses = [f"{change.address} with {change.loses}" for change in plan.changes if change.loses]
    if losses:
        more = f" and {len(losses) - LOSSES_NAMED} more" if len(losses) > LOSSES_NAMED else ""
        yield f"This cannot be brought back: {', '.join(losses[:LOSSES_NAMED])}{more}."


def unchanged_ids(plan: Plan) -> dict[Address, Outputs]:
    """Return the live ids that stay valid. An update gives a new id if one of its steps has the output `id`."""
    renewed = {c.address for c in plan.changes if c.want and any("id" in step.outputs for step in c.steps)}
    return {address: outputs for address, outputs in plan.ids.items() if address not in renewed}


def names_that_leave(plan: Plan) -> dict[Ref, Ref]:
    """Map each Ref by id to a resource that leaves the file to the Ref by its name, under which people know it.

    What is replaced at its address is left out: there, the id tells the old one from the new one.
    """
    leave = (c for c in plan.changes if c.op is Op.DELETE and c.address not in plan.desired)
    return {
        Ref(c.address.kind, value, attr, by_id=True): Ref(c.address.kind, c.address.name, attr)
        for c in leave
        for attr, value in c.outputs.items()
    }


def describe_awaited(plan: Plan, change: Change) -> tuple[str, str]:
    """Return a note about a resource that others make, and a remedy, which may be empty."""
    what = f"{change.address.kind} {change.address.name}"
    places = {ref.address for ref in walk(dict(change.want or ())) if ref.address != change.address}
    if not places <= plan.ids.keys():  # its place will be made by this very plan
        return f"needs {what} by then", ""
    remedies = (step.remedy for step in change.steps if isinstance(step, Call))
    return f"held: {NOT_THERE}", str(resolve(next(remedies, ""), lambda r: plan.ids[r.address][r.attr]))


def find_foreign(plan: Plan) -> Iterator[Live[Any]]:
    """Yield the foreign resources that no conflict names, by key.

    What the file says exists is left out, and what others have in it, such as the other security groups of
    their VPC, unless it refers to this stack's.
    """
    named = {key for conflict in plan.conflicts for key in conflict.foreign}
    existing = {ref for spec in plan.in_file.values() for ref in walk(spec) if ref.by_id}
    ours = _list_own_refs(plan)
    for live in sorted(plan.foreign, key=lambda live: live.key):
        refs = {*walk(live.spec)}
        elsewhere = refs & existing and not refs & ours
        if live.key not in named and existing.isdisjoint(live.own_refs) and not elsewhere:
            yield live


def _list_own_refs(plan: Plan) -> set[Ref]:
    """Return the Refs by id by which others may refer to this stack's resources."""
    kept = {
        Ref(address.kind, value, attr, by_id=True)
        for address, outputs in plan.ids.items()
        for attr, value in outputs.items()
    }
    return kept.union(*(change.live.own_refs for change in plan.changes if change.live))
