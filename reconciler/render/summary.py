"""A plan as it is shown: what stands for what, under which heading, in which order."""

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

NOT_THERE = "it is not there yet"  # of what is not ours to make, in place of AWS's words
INTERRUPTIONS = {  # what the replacement of a resource costs those who use the platform, by kind
    # ECS takes a target group only once a rule forwards to it, so that the rule moves before any task is in it.
    "target_group": "requests are answered 503 until the service's new tasks are healthy",
}
SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "±", "await": "?"}


@dataclass(frozen=True)
class Entry:
    """One change, with the deletion that it stands in for."""

    change: Change
    replaced: Change | None

    @property
    def op(self) -> str:
        """As in SIGNS."""
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
        """Of a replacement, whether there is a time without either of them."""
        first = self.replaced and self.replaced.key in self.change.after
        return "deleted first: interrupts" if first else "new one first"


def entries(plan: Plan) -> dict[str, list[Entry]]:
    """The changes by heading; in each, first what must be done first."""
    by_key = {change.key: change for change in plan.changes}
    replaced = {change.replaces for change in plan.changes}
    depth = _depths(plan)
    found = defaultdict(list)
    for change in sorted(plan.changes, key=lambda c: (depth[c.key], c.key)):
        if change.key not in replaced:
            found[heading(change)].append(Entry(change, by_key.get(change.replaces or "")))
    return {title: found[title] for title in sorted(found, key=rank)}


def _depths(plan: Plan) -> dict[str, int]:
    """How many changes come one after the other before each; `plan.changes` are in such an order."""
    depth: dict[str, int] = {}
    for change in plan.changes:
        depth[change.key] = 1 + max((depth.get(key, 0) for key in change.after), default=0)
    return depth


def counts(plan: Plan) -> Counter[str]:
    """How many of each op of SIGNS, and `calls` to AWS."""
    found = Counter(entry.op for under in entries(plan).values() for entry in under)
    found["calls"] = sum(isinstance(step, Call) for change in plan.changes for step in change.steps)
    return found


def count_line(plan: Plan) -> str:
    """`41 to create, 2 to update; 88 AWS calls`."""
    found = counts(plan)
    told = [f"{found[op]} to {op}" for op in SIGNS if found[op]]
    return f"{', '.join(told)}; {found['calls']} AWS call{'s' * (found['calls'] != 1)}"


def staying(plan: Plan) -> dict[Address, Outputs]:
    """The ids that the plan does not change. An update gives new ones where one of its steps names them."""
    renewed = {c.address for c in plan.changes if c.want and any("id" in step.outputs for step in c.steps)}
    return {address: outputs for address, outputs in plan.ids.items() if address not in renewed}


def awaits(plan: Plan, change: Change) -> tuple[str, str]:
    """What is said of something that is not ours to make, and what a person can do about it now."""
    what = f"{change.address.kind} {change.address.name}"
    places = {ref.address for ref in walk(dict(change.want or ())) if ref.address != change.address}
    if not places <= plan.ids.keys():  # its place will be made by this very plan
        return f"needs {what} by then", ""
    remedies = (step.remedy for step in change.steps if isinstance(step, Call))
    return f"held: {NOT_THERE}", str(resolve(next(remedies, ""), lambda r: plan.ids[r.address][r.attr]))


def strangers(plan: Plan) -> Iterator[Live[Any]]:
    """What is not ours, beside ours; without what the conflicts tell of."""
    told = {key for conflict in plan.conflicts for key in conflict.strangers}
    yield from sorted((live for live in plan.foreign if live.key not in told), key=lambda live: live.key)
