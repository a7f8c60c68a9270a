"""What a person needs most of a long plan, said again at its end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.render.plan_summary import OP_SIGNS, Entry

LONG = 100  # changes, from which on a plan does not fit a screen or two
NAMED = 20  # at most


def format_closing(by_heading: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """Yield lines that end a long plan's changes; none for a shorter one."""
    found = [entry for group in by_heading.values() for entry in group]
    if len(found) < LONG:
        return
    grave = [entry for entry in found if _is_grave(entry)]
    if grave and len(grave) < len(found):  # a destroy is all of it
        yield "Of these, deleted, replaced or interrupted:"
        yield from map(_format_sign, grave[:NAMED])
        yield from [f"    and {len(grave) - NAMED:,} more"] if len(grave) > NAMED else []
        yield ""
    yield "Changes by kind:"
    for op, sign in OP_SIGNS.items():
        kinds = Counter(entry.change.address.kind for entry in found if entry.op == op)
        if kinds:
            yield f"  {sign} " + ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    yield ""


def _is_grave(entry: Entry) -> bool:
    return entry.op in ("delete", "replace", "move") or bool(entry.change.interrupts)


def _format_sign(entry: Entry) -> str:
    return f"  {OP_SIGNS[entry.op]} {entry.change.address}"
