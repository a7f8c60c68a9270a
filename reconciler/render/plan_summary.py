"""A plan prepared for text and JSON: its changes by heading and in order, counts, ids and notes."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.model.plan import Change, Plan
from reconciler.model.references import Address, resolve, walk
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Outputs
from reconciler.model.tags import SERVICE
from reconciler.render.headings import heading, rank

NOT_THERE = "it is not there yet"  # said in place of AWS's words of what is not ours to make
INTERRUPTIONS = {  # what the replacement of a resource costs those who use the platform, by kind
    # ECS takes a target group only once a rule forwards to it, so that the rule moves before any task is in it.
    "target_group": "requests are answered 503 until the service's new tasks are healthy",
}
SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "±", "await": "?"}


@dataclass(frozen=True)
class Entry:
    """One change, and for a replacement the deletion of the old resource."""

    change: Change
    replaced: Change | None

    @property
    def op(self) -> str:
        """Return a key of `SIGNS`."""
        return "replace" if self.replaced else str(self.change.op)

    @property
    def interruption(self) -> str:
        """What a replacement costs those who use the platform; an empty string where it costs nothing."""
        return INTERRUPTIONS.get(self.change.address.kind, "") if self.replaced else ""

    @property
    def only_names_service(self) -> bool:
        """Whether nothing changes but the tag that names the service which the resource belongs to."""
        fields = self.change.fields
        return (
            self.op == "update" and [f.field for f in fields] == ["tags"] and fields[0].want.keys() == {SERVICE}
        )

    @property
    def order(self) -> str:
        """Return whether the old one or the new one of a replacement comes first, in words for people."""
        first = self.replaced and self.replaced.key in self.change.after
        return "deleted first: interrupts" if first else "new one first"


def entries(plan: Plan) -> dict[str, list[Entry]]:
    """Return the changes by heading, and under each in an order in which they can be made."""
    by_key = {change.key: change for change in plan.changes}
    replaced = {change.replaces for change in plan.changes}
    depth = _depths(plan)
    found = defaultdict(list)
    for change in sorted(plan.changes, key=lambda c: (depth[c.key], c.key)):
        if change.key not in replaced:
            found[heading(change)].append(Entry(change, by_key.get(change.replaces or "")))
    return {title: found[title] for title in sorted(found, key=rank)}


def _depths(plan: Plan) -> dict[str, int]:
    """Return the length of the longest chain of changes that ends in each; `plan.changes` is in execution order."""
    depth: dict[str, int] = {}
    for change in plan.changes:
        depth[change.key] = 1 + max((depth.get(key, 0) for key in change.after), default=0)
    return depth


def count_changes(plan: Plan) -> Counter[str]:
    """Return the number of changes by the keys of `SIGNS`, and under `calls` that of AWS calls."""
    found = Counter(entry.op for under in entries(plan).values() for entry in under)
    found["calls"] = sum(isinstance(step, Call) for change in plan.changes for step in change.steps)
    return found


def format_counts(plan: Plan) -> str:
    """Format the counts as `41 to create, 2 to update; 88 AWS calls`."""
    counts = count_changes(plan)
    parts = [f"{counts[op]} to {op}" for op in SIGNS if counts[op]]
    return f"{', '.join(parts)}; {counts['calls']} AWS call{'s' * (counts['calls'] != 1)}"


def unchanged_ids(plan: Plan) -> dict[Address, Outputs]:
    """Return the live ids that stay valid. An update gives a new one if a step of it has the output `id`."""
    renewed = {c.address for c in plan.changes if c.want and any("id" in step.outputs for step in c.steps)}
    return {address: outputs for address, outputs in plan.ids.items() if address not in renewed}


def describe_awaited(plan: Plan, change: Change) -> tuple[str, str]:
    """Return a note on something that others make, and what a person can do about it now, empty if nothing."""
    what = f"{change.address.kind} {change.address.name}"
    places = {ref.address for ref in walk(dict(change.want or ())) if ref.address != change.address}
    if not places <= plan.ids.keys():  # its place will be made by this very plan
        return f"needs {what} by then", ""
    remedies = (step.remedy for step in change.steps if isinstance(step, Call))
    return f"held: {NOT_THERE}", str(resolve(next(remedies, ""), lambda r: plan.ids[r.address][r.attr]))


def find_foreign(plan: Plan) -> Iterator[Live[Any]]:
    """Yield the foreign resources that the plan leaves alone and no conflict names, by key."""
    named = {key for conflict in plan.conflicts for key in conflict.foreign}
    yield from sorted((live for live in plan.foreign if live.key not in named), key=lambda live: live.key)
