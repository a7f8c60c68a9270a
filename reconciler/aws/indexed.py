"""What the tagging index may say in place of AWS itself: see docs/decisions/0017."""

from collections.abc import Callable, Iterable, Mapping

from reconciler.aws.reads import Reads
from reconciler.model.tags import Tags, owner, parse

Answered = Iterable[Mapping[str, str]] | Mapping[str, str]  # tags as a service tells them


def is_index_believed(reads: Reads) -> bool:
    """Tell whether the tagging index may be believed, and may be asked."""
    return reads.directly is not None and reads.index is not None


def indexed_tags(reads: Reads) -> Mapping[str, Tags]:
    """Return the tags of all that the index has for our stack, by ARN; none if it may not be asked."""
    return reads.index.tags_by_arn if reads.index else {}


def rules_out(reads: Reads, kind: str, indexed_as: str | tuple[str, ...]) -> bool:
    """Tell whether a type need not be read: nothing of it is desired, and the index shows nothing of ours.

    `indexed_as` is for `TagIndex.shows`; an empty one is of a type that the index does not have.
    """
    if not indexed_as or reads.directly is None or kind in reads.desired.by_kind:
        return False
    is_asked_for = any(address.kind == kind for address in reads.directly)
    return not is_asked_for and reads.index is not None and not reads.index.shows(indexed_as)


def tags_of(reads: Reads, kind: str, name: str, arn: str, ask: Callable[[], Answered | None]) -> Tags | None:
    """Return the tags of a resource: those in the index if they are as desired, else what AWS tells directly.

    `name` is its name in AWS. `ask` returns AWS's answer, or None for one that has been deleted.
    """
    want = reads.desired.find(kind, name)
    indexed = indexed_tags(reads).get(arn) if want is not None and is_brief(reads, kind, name) else None
    if want is not None and indexed is not None and want.tags.items() <= indexed.items():
        return indexed
    answer = ask()
    return None if answer is None else parse(answer)


def tags_if_meant(
    reads: Reads, kind: str, name: str, arn: str, ask: Callable[[], Answered | None]
) -> Tags | None:
    """Return the tags as `tags_of` does; None also of what is neither ours nor has a desired name."""
    found = tags_of(reads, kind, name, arn, ask)
    is_meant = found is not None and (owner(found) == reads.stack.name or name in reads.desired.names(kind))
    return found if is_meant else None


def is_brief(reads: Reads, kind: str, name: str) -> bool:
    """Tell whether the resource with this name in AWS is desired, and not to be read directly."""
    want = reads.desired.find(kind, name)
    return want is not None and reads.directly is not None and want.address not in reads.directly
