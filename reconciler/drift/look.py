"""Read what AWS has of a stack, directly, and compare it with the file. What may not be read is left out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler import plan as planner
from reconciler.aws.errors import ACCESS_DENIED, matches
from reconciler.aws.reads import Reads
from reconciler.drift.unreadable import mask_live, mask_spec
from reconciler.errors import ReadFailed
from reconciler.look_again import WORDS, differing_kinds, look_again, seconds_left, waits_for_others
from reconciler.model.lease import Applied
from reconciler.model.plan import Plan
from reconciler.model.spec import Live, Spec, parts
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


def look(session: Session, applied: Applied | None, desired: Iterable[Spec] | None = None) -> Look:
    """Read directly, and compare with the file's specs, or with others in their place. Raises `ReadFailed`.

    Decision 0017 says why the tagging index is not believed here. `applied` is the last apply: AWS may still
    tell the former values of what it changed a moment ago, and is then asked again.
    """
    desired = tuple(parts(session.specs if desired is None else desired).values())
    live, denied = read_allowed(session.reads, KINDS)

    def compare(found: Lives) -> Plan:
        return _compare(session, desired, found, denied)

    def read(kinds: Collection[str]) -> Lives:
        again = {name: KINDS[name] for name in kinds if name not in denied}
        return read_allowed(session.reads.fresh(), again)[0]

    todo = compare(live)
    seconds = seconds_left(applied, session.platform.digest, session.date())
    if seconds and differing_kinds(todo) and not waits_for_others(KINDS, todo):
        session.notify(WORDS)
        found = [live]

        def remember(lives: Lives) -> Plan:
            found[0] = lives
            return compare(lives)

        todo, live = look_again(todo, live, seconds, session.clock, read, remember), found[0]
    return Look(live, todo, denied)


def read_allowed(reads: Reads, kinds: Kinds) -> tuple[Lives, Denied]:
    """Read these types directly, and return those that may not be read with AWS's words. Or `ReadFailed`."""
    each = replace(reads, directly=None, seeks_foreign=True, asks_early=True)

    def read_one(kind: Kind[Any]) -> Lives | str:
        try:
            return [*kind.read(each)]
        except ReadFailed as error:
            if error.__cause__ and matches(error.__cause__, ACCESS_DENIED):
                return str(error)
            raise

    found = dict(zip(kinds, reads.map(read_one, kinds.values()), strict=True))
    live = [resource for lives in found.values() if not isinstance(lives, str) for resource in lives]
    return live, {name: words for name, words in found.items() if isinstance(words, str)}


def _compare(session: Session, desired: Sequence[Spec], live: Lives, denied: Denied) -> Plan:
    """Plan what is readable, as if what is not were as desired."""
    stack, region = session.reads.stack.name, session.facts.region
    wanted = [mask_spec(spec, denied) for spec in desired if spec.kind not in denied]
    found = [mask_live(resource, denied) for resource in live]
    todo = planner.plan(KINDS, wanted, found, stack, wanted, region=region)
    return replace(todo, scope=session.scope)
