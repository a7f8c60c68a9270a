"""Find the objections to a plan: what needs consent, and what no consent allows."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.aws.cli_command import cli_command
from reconciler.model.plan import Change, Op, Plan, Scope
from reconciler.model.references import first_addresses
from reconciler.model.tags import PROTECT
from reconciler.resources.kind import Kinds

NAMED_AT_MOST = 5  # resources in one message

Position = Callable[[str], str | None]
"""Return the line that says whether a service is protected, such as `desired_state/platform.yaml:31`."""


@dataclass(frozen=True)
class Consent:
    """The consent that a person has given beforehand."""

    yes: bool = False  # to deletions
    replace: bool = False  # to replacements, which `yes` does not cover
    new_environment: bool = False  # to an environment whose name looks like a slip of another one


def no_position(_service: str) -> None:
    """Return None, for a plan without a file."""


def objections(
    kinds: Kinds, plan: Plan, consent: Consent, *, asks: bool, position: Position = no_position
) -> list[str]:
    """Return the reasons why the plan may not be run, each with its remedy on further lines.

    `asks`: a person will be asked about deletions.
    """
    found = [f"{c.address}: {c.why}\n  {c.remedy}" for c in plan.conflicts]
    found += protection_objections(kinds, plan, position)
    if plan.changes and not consent.new_environment:
        found += [f"{w.why}\n  {w.remedy}" for w in plan.warnings if w.of_environment]
    replaced = [c for c in plan.changes if c.replaces and not c.seamless]
    for moved, what in ((False, "be replaced"), (True, "move, so that clients find it elsewhere")):
        if (some := [c for c in replaced if c.moved is moved]) and not consent.replace:
            found.append(f"{_names(some)} would {what}\n  allow it: --allow-replace")
    for change in plan.changes:
        if change.interrupts and not (change.replaces or consent.replace):
            found.append(f"{change.address}: {change.interrupts}\n  allow it: --allow-replace")
    deleted = deletions_to_confirm(kinds, plan)
    if deleted and not consent.yes and not asks:
        found.append(
            f"{_names(deleted)} would be deleted, and there is no terminal to confirm on\n  allow it: --yes"
        )
    return found


def _names(changes: Sequence[Change]) -> str:
    return first_addresses([change.address for change in changes], NAMED_AT_MOST)


def deletions_to_confirm(kinds: Kinds, plan: Plan) -> list[Change]:
    """Return the deletions that need consent, without those of replaced resources and of old revisions."""
    replaced = {change.replaces for change in plan.changes}
    return [
        change
        for change in plan.changes
        if change.op is Op.DELETE
        and change.key not in replaced
        and not (kinds[change.address.kind].relations.revisioned and change.address in plan.desired)
    ]


def protection_objections(kinds: Kinds, plan: Plan, position: Position = no_position) -> Iterator[str]:
    """Yield an objection, which no consent overrides, for each protected service or resource to delete."""
    guarded = defaultdict(list)
    for change in plan.changes:
        if change.op is not Op.DELETE or change.live is None:
            continue
        if change.live.spec.tags.get(PROTECT) == "true":
            guarded[f"service {change.service}" if change.service else str(change.address)].append(change)
        elif first := _blocked_by_aws(kinds, change):
            yield f"{change.address}: AWS would refuse to delete it\n  {first}"
    for what, changes in guarded.items():
        parts = f": {_names(changes)}" if changes[0].service else ""
        yield f"{what}: is protected{parts}\n  {_release(kinds, plan, changes, position)}"


def _blocked_by_aws(kinds: Kinds, change: Change) -> str:
    """Return what a person must do before AWS deletes it; empty if nothing. AWS would refuse only halfway."""
    protected_by = kinds[change.address.kind].relations.protected
    return protected_by(change.live) if protected_by and change.live else ""


def _release(kinds: Kinds, plan: Plan, changes: Sequence[Change], position: Position) -> str:
    """Return how to remove the protection of these resources: all those of one service, or a single one."""
    service, in_file = changes[0].service, [change.address in plan.in_file for change in changes]
    line = position(service) if service else None
    file = f"the file ({line})" if line else "the file"
    unprotect = f"set `protect: false` for it in {file}"
    commands = "; ".join(filter(None, (_unprotect_command(kinds, change, plan.scope) for change in changes)))
    if service and all(in_file):
        return f"{unprotect} and apply first"
    if service and any(in_file):
        return f"{unprotect} and apply first, or, as the file has not all of it: {commands}"
    if service and any(spec.service == service for spec in plan.in_file.values()):
        return f"its names in AWS have changed: {unprotect} under the old names and apply first, or: {commands}"
    if service:
        return f"put it back into {file} with `protect: false`, apply, and then remove it"
    return f"{unprotect} and apply first" + (f", or: {commands}" if commands else "")


def _unprotect_command(kinds: Kinds, change: Change, scope: Scope | None) -> str:
    """Return the AWS CLI command that tags a resource as not protected; empty if AWS cannot tag its kind."""
    tagging = kinds[change.address.kind].tag_call
    if tagging is None:
        return ""
    call = tagging.call(change.outputs[tagging.attr], {PROTECT: "false"})
    return cli_command(call, scope.region if scope else "")
