"""The conflicts of cycles, in which no order is possible: cycles of references and of changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.model.plan import Change, Conflict
from reconciler.model.references import Address, walk


def references_in_cycle(addresses: Iterable[Address]) -> Conflict:
    """Return the conflict of desired resources that refer to each other in a cycle, each needed by the next."""
    first, *others = addresses
    way = " needs ".join(map(str, reversed([first, *others])))
    return Conflict(first, f"cannot be made before itself: {way}", "remove one of these references")


def changes_in_cycle(cycle: Sequence[Change], changes: Iterable[Change]) -> Iterator[Conflict]:
    """Yield the conflict of a cycle of changes, if there is one: it would delete a resource that is in use.

    `changes` are all changes of the plan.
    """
    if not cycle:
        return
    stuck = next((c for c in cycle if c.replaces in c.after), cycle[0])
    cause = _cause(stuck, {change.key: change for change in changes})
    fields = ", ".join(f.field for f in cause.fields)
    done = "replaced" if cause.replaces else "changed"
    why = f"cannot be {done} while it is in use: {', '.join(f'{c.op} {c.address}' for c in cycle)}"
    beside = (
        f"keep {fields} as it is and add a second one under another name beside it, move to that, then remove this; "
        "another `suffix` of the file does so with all that it has"
    )
    yield Conflict(cause.address, why, beside if fields else "make the change in two steps")


def _cause(change: Change, changes: Mapping[str, Change]) -> Change:
    """Return the replacement that makes this change necessary; the change itself if there is none."""
    dependencies = (changes.get(str(ref.address)) for field in change.fields for ref in walk(field.want))
    first = next((other for other in dependencies if other and other.replaces), None)
    return _cause(first, changes) if first else change
