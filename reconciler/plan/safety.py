"""What a plan may not do without being told, and what it may not do at all."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.aws.cli_command import cli_command
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.spec import Live
from reconciler.model.tags import PROTECT
from reconciler.plan.former import former_headings
from reconciler.resources.kind import Kind, Kinds

NAMED = 5  # in one message
SET_FREE = "set `protect: false` for it in the file and apply first"
PUT_BACK = "put it back into the file with `protect: false`, apply, and then remove it"


@dataclass(frozen=True)
class Consent:
    """What a person has agreed to beforehand."""

    yes: bool = False  # deletions
    replace: bool = False  # replacements; `yes` does not cover them


def objections(kinds: Kinds, plan: Plan, consent: Consent, *, asks: bool) -> list[str]:
    """Why the plan may not be run, each with what to do. `asks`: a person will be asked about deletions."""
    found = [f"{c.address}: {c.why}\n  {c.remedy}" for c in plan.conflicts]
    found += protected(kinds, plan)
    replaced = [c for c in plan.changes if c.replaces]
    if replaced and not consent.replace:
        found.append(f"{_some(replaced)} would be replaced\n  allow it: --allow-replace")
    leaving = deletions(kinds, plan)
    if leaving and not consent.yes and not asks:
        found.append(
            f"{_some(leaving)} would be deleted, and there is no terminal to confirm on\n  allow it: --yes"
        )
    return found


def _some(changes: list[Change]) -> str:
    """Their names; not dozens of them."""
    names, more = [str(c.address) for c in changes[:NAMED]], len(changes) - NAMED
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def deletions(kinds: Kinds, plan: Plan) -> list[Change]:
    """What goes for good: neither what is replaced nor an old revision of what stays."""
    replaced = {change.replaces for change in plan.changes}
    return [
        change
        for change in plan.changes
        if change.op is Op.DELETE
        and change.key not in replaced
        and not (kinds[change.address.kind].revisioned and change.address in plan.wanted)
    ]


def protected(kinds: Kinds, plan: Plan) -> Iterator[str]:
    """What would be deleted or replaced and says that it must not be, whatever is agreed to."""
    former, guarded = former_headings(plan), defaultdict(list)
    for change in plan.changes:
        if change.op is not Op.DELETE or change.live is None:
            continue
        heading = former.get(change.key, change.heading)
        if change.live.spec.tags.get(PROTECT) == "true":
            guarded[heading if heading.startswith("service ") else str(change.address)].append(change)
        elif first := _first(kinds[change.address.kind], change.live):
            yield f"{change.address}: AWS would refuse to delete it\n  {first}"
    in_file = {spec.heading for spec in plan.wanted.values()} | {change.heading for change in plan.changes}
    for what, changes in guarded.items():
        parts = f": {_some(changes)}" if what.startswith("service ") else ""
        yield f"{what}: is protected{parts}\n  {_release(kinds, what, changes[0], left=what not in in_file)}"


def _first(kind: Kind[Any], live: Live[Any]) -> str:
    """What must be done before AWS deletes it: found out now, and not when all that stands on it is gone."""
    return kind.protected(live) if kind.protected else ""


def _release(kinds: Kinds, what: str, change: Change, *, left: bool) -> str:
    if what.startswith("service "):
        return PUT_BACK if left else SET_FREE
    tagging = kinds[change.address.kind].tagging
    if tagging is None:
        return SET_FREE
    command = cli_command(tagging.call(change.outputs[tagging.attr], {PROTECT: "false"}))
    return f"{SET_FREE}, or: {command}"
