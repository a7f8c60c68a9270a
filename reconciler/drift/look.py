"""Read what AWS has of a stack, and compare it with the file. What may not be read is left out."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler import plan as planner
from reconciler.aws.errors import ACCESS_DENIED, matches
from reconciler.aws.indexed import rules_out
from reconciler.aws.reads import Reads
from reconciler.drift.unreadable import mask_live, mask_spec
from reconciler.errors import ReadFailed
from reconciler.look_again import WORDS, differing_kinds, look_again, seconds_left, waits_for_others
from reconciler.model.lease import Applied
from reconciler.model.plan import Plan
from reconciler.model.spec import Live, Spec, parts
from reconciler.read_twice import read_and_compare
from reconciler.resources import KINDS
from reconciler.resources.kind import Kind, Kinds
from reconciler.session import Session

Lives = Sequence[Live[Any]]
Denied = Mapping[str, str]  # resource types that may not be read, each with AWS's words


@dataclass(frozen=True)
class Look:
    """What AWS has, and the plan that would make it as the file says."""

    live: Lives  # of others too
    plan: Plan
    denied: Denied


def look(
    session: Session,
    applied: Applied | None,
    desired: Iterable[Spec] | None = None,
    *,
    directly: bool = True,
) -> Look:
    """Read, and compare with the file's specs, or with others in their place. Raises `ReadFailed`.

    Without `directly`, tags that the tagging index has as desired are believed, see decision 0017: a tag that
    was changed within its lag is seen by the next look. `applied` is the last apply: AWS may still tell the
    former values of what it changed a moment ago, and is then asked again.
    """
    desired = tuple(parts(session.specs if desired is None else desired).values())
    denied: dict[str, str] = {}

    def read(reads: Reads, kinds: Kinds) -> Lives:
        live, refused = read_allowed(reads, kinds)
        denied.update(refused)
        return live

    def compare(found: Lives) -> Plan:
        return compare_with(session, desired, found, denied)

    if directly:
        live = read(replace(session.reads, directly=None), KINDS)
        todo = compare(live)
    else:
        todo, live = read_and_compare(session.reads, KINDS, compare, read)
    seconds = seconds_left(applied, session.platform.digest, session.date())
    if seconds and differing_kinds(todo) and not waits_for_others(KINDS, todo):
        session.notify(WORDS)
        todo, live = _look_again(session, todo, live, seconds, read, compare)
    return Look(live, todo, denied)


def _look_again(
    session: Session,
    todo: Plan,
    live: Lives,
    seconds: float,
    read: Callable[[Reads, Kinds], Lives],
    compare: Callable[[Lives], Plan],
) -> tuple[Plan, Lives]:
    """Return what the last look has shown, of those made until nothing differs or the time is over."""
    seen = [live]

    def compare_and_keep(found: Lives) -> Plan:
        seen.append(found)
        return compare(found)

    def read_kinds(kinds: Collection[str]) -> Lives:
        return read(session.reads.fresh(), {name: KINDS[name] for name in kinds})

    todo = look_again(todo, live, seconds, session.clock, read_kinds, compare_and_keep)
    return todo, seen[-1]


def read_allowed(reads: Reads, kinds: Kinds) -> tuple[Lives, Denied]:
    """Read these types, and return those that may not be read with AWS's words. Raises `ReadFailed`."""
    each = replace(reads, seeks_foreign=True, asks_early=True)

    def read_one(kind: Kind[Any]) -> Lives | str:
        try:
            return [] if rules_out(each, kind.spec.kind, kind.indexed_as) else [*kind.read(each)]
        except ReadFailed as error:
            if error.__cause__ and matches(error.__cause__, ACCESS_DENIED):
                return str(error)
            raise

    found = dict(zip(kinds, reads.map(read_one, kinds.values()), strict=True))
    live = [resource for lives in found.values() if not isinstance(lives, str) for resource in lives]
    return live, {name: words for name, words in found.items() if isinstance(words, str)}


def compare_with(session: Session, desired: Sequence[Spec], live: Lives, denied: Denied) -> Plan:
    """Plan what is readable, as if what is not were as desired."""
    stack, region = session.reads.stack.name, session.facts.region
    wanted = [mask_spec(spec, denied) for spec in desired if spec.kind not in denied]
    found = [mask_live(resource, denied) for resource in live]
    todo = planner.plan(KINDS, wanted, found, stack, wanted, region=region)
    return replace(todo, scope=session.scope)
