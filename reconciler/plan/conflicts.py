"""Why a plan may not be run: names that are taken, tags that were lost, what others need, circles, what is nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.aws.cli_command import cli_command, cli_commands
from reconciler.model.plan import Change, Conflict
from reconciler.model.references import Address, Ref, walk
from reconciler.model.spec import Live, Spec
from reconciler.model.tags import NAME, STACK
from reconciler.plan.foreign import FEW, foreign_dependents, needed, whose
from reconciler.plan.index import PlanIndex
from reconciler.resources.kind import Kinds


def find(index: PlanIndex, kept: Mapping[Address, Live[Any]], gone: Iterable[Change]) -> Iterator[Conflict]:
    """Everything that stops a plan, each with what a person can do about it.

    `kept`: what stays of ours; `gone`: what does not.
    """
    yield from _one_name_twice(index.specs)
    yield from _refer_to_nothing(index)
    lost = list(_lost(index))
    yield from (_tags_lost(index.kinds, *found) for found in lost)
    told = {stranger.key for _, stranger, _ in lost}
    unmet = index.wanted.keys() - kept.keys()
    taken: dict[str | None, list[Live[Any]]] = defaultdict(list)
    for live in index.foreign:
        follows = lost and index.kinds[live.spec.kind].tag_call is None  # what it hangs on has lost its tags
        if live.spec.address in unmet and live.key not in told and not follows:
            taken[live.owner].append(live)
    for owner, lives in taken.items():
        if owner and len(lives) > FEW:
            yield _another_stack(owner, lives)
        else:
            yield from (_taken(index.kinds, index.wanted[live.spec.address], live) for live in lives)
    told |= {live.key for lives in taken.values() for live in lives}
    yield from (
        needed(index.kinds, *found) for found in foreign_dependents(index, gone) if found[0].key not in told
    )


def round_about(addresses: Iterable[Address]) -> Conflict:
    """What is wanted refers to itself in a circle, so that none of it can be first."""
    first, *others = addresses
    way = " needs ".join(map(str, reversed([first, *others])))
    return Conflict(first, f"cannot be made before itself: {way}", "remove one of these references")


def circle(changes: Sequence[Change], todo: Iterable[Change]) -> Iterator[Conflict]:
    """What stays would have to leave before what replaces it can be made. `changes`: the circle, out of all `todo`."""
    if not changes:
        return
    stuck = next((c for c in changes if c.replaces in c.after), changes[0])
    cause = _cause(stuck, {change.key: change for change in todo})
    fields = ", ".join(f.field for f in cause.fields)
    done = "replaced" if cause.replaces else "changed"
    why = f"cannot be {done} while it is in use: {', '.join(f'{c.op} {c.address}' for c in changes)}"
    beside = f"keep {fields} as it is and add a second one under another name beside it, move to that, then remove this"
    yield Conflict(cause.address, why, beside if fields else "make the change in two steps")


def _cause(change: Change, todo: Mapping[str, Change]) -> Change:
    """The replacement that this one only follows, or itself."""
    followed = (todo.get(str(ref.address)) for field in change.fields for ref in walk(field.want))
    first = next((other for other in followed if other and other.replaces), None)
    return _cause(first, todo) if first else change


def _one_name_twice(specs: Iterable[Spec]) -> Iterator[Conflict]:
    first: dict[tuple[str, str], Spec] = {}
    for spec in specs:
        other = first.setdefault((spec.kind, spec.physical_name), spec)
        if other != spec:
            why = f"AWS would call it {spec.physical_name}, and {other.address} too"
            yield Conflict(spec.address, why, "give one of them another name")


def _refer_to_nothing(index: PlanIndex) -> Iterator[Conflict]:
    for address, needs in index.needs.items():
        for nowhere in needs:
            if nowhere not in index.wanted:
                why = f"refers to {nowhere}, which is not wanted"
                yield Conflict(address, why, "add that, or refer to another one")


def _taken(kinds: Kinds, want: Spec, live: Live[Any]) -> Conflict:
    why = f"{live.outputs['id']} already has the name that it would get, and {whose(live)}"
    remedy = "choose another `suffix` in the file"
    if command := _tag_command(kinds, want, live):
        remedy += f", or, if it is to become this stack's: {command}"
    elif not live.owner:
        remedy += f", or, if nobody needs it, remove it: {cli_commands(kinds[want.kind].remove(live))}"
    return Conflict(want.address, why, remedy, frozenset({live.key}))


def _another_stack(owner: str, lives: Sequence[Live[Any]]) -> Conflict:
    names = ", ".join(sorted(live.spec.name for live in lives)[:FEW])
    why = f"stack {owner} has this name and {len(lives) - 1} others that this one would get: {names}, …"
    found = frozenset(live.key for live in lives)
    return Conflict(lives[0].spec.address, why, "choose another `suffix` in the file", found)


def _lost(index: PlanIndex) -> Iterator[tuple[Spec, Live[Any], Live[Any]]]:
    """Strangers that stand where something of ours is missing, with that, and with what of ours they belong to.

    Ours refers to them, and the file does not give them; or they bear the missing one's name and refer to ours.
    """
    missing: dict[str, list[Spec]] = defaultdict(list)
    for address, spec in index.known.items():
        if address not in index.at:
            missing[address.kind].append(spec)
    if not (missing and index.foreign):
        return
    given = {ref for spec in index.known.values() for ref in walk(spec) if ref.foreign}
    handles: dict[Ref, Live[Any]] = {ref: live for live in index.ours for ref in live.handles}
    taggable = (other for other in index.foreign if index.kinds[other.spec.kind].tag_call)
    for stranger in (other for other in taggable if other.owner is None):
        candidates = missing[stranger.spec.kind]
        friends = [_able(index, ref) for ref in stranger.handles if ref in index.users and ref not in given]
        friends = [found for found in friends if found]
        if not friends and any(spec.name == stranger.spec.name for spec in candidates):
            friends = [[handles[ref]] for ref in walk(stranger.spec) if ref in handles]
        if friends and candidates:
            want = _likest(candidates, stranger.spec)
            candidates.remove(want)
            yield want, stranger, friends[0][0]


def _able(index: PlanIndex, ref: Ref) -> list[Live[Any]]:
    """What of ours refers to it; what is not ours to make proves nothing."""
    return [live for live in index.users[ref] if not index.kinds[live.spec.kind].relations.awaited]


def _likest(candidates: Iterable[Spec], live: Spec) -> Spec:
    def likeness(want: Spec) -> tuple[bool, int]:
        same = [getattr(want, field) == getattr(live, field) for field in type(want).model_fields]
        return want.name == live.name, sum(same)

    return max(candidates, key=likeness)


def _tags_lost(kinds: Kinds, want: Spec, stranger: Live[Any], friend: Live[Any]) -> Conflict:
    why = f"{stranger.outputs['id']} goes with {friend.spec.address} and does not carry this stack's tags"
    remedy = "if its tags were lost, restore them"
    if command := _tag_command(kinds, want, stranger):
        remedy += f": {command}"
    return Conflict(want.address, why, remedy, frozenset({stranger.key}))


def _tag_command(kinds: Kinds, want: Spec, live: Live[Any]) -> str | None:
    tagging = kinds[want.kind].tag_call
    if tagging is None:
        return None
    marks = {k: v for k, v in want.tags.items() if k in (STACK, NAME)}
    return cli_command(tagging.call(live.outputs[tagging.attr], marks))
