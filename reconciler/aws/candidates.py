"""Which of the resources in an account a run looks at: those that may be ours, and that it is about."""

from functools import cache
from re import Pattern, compile, escape  # noqa: A004

from reconciler.aws.indexed import indexed_tags, is_index_believed
from reconciler.aws.reads import Reads
from reconciler.model.references import Address


def is_candidate(reads: Reads, kind: str, name: str, arn: str | None = None) -> bool:
    """Tell whether a resource may be ours: by its name in AWS, and by the tagging index.

    A desired name is enough. Where the index is not believed, so is one with the stack's suffix.
    """
    if name in reads.desired.names(kind):
        return True
    if _names_with(reads.stack.suffix).search(name) and not (arn and is_index_believed(reads)):
        return True
    if not {Address(kind, name), Address(kind, arn or "")}.isdisjoint(reads.directly or ()):
        return True
    return arn is not None and arn in indexed_tags(reads)


@cache
def _names_with(suffix: str) -> Pattern[str]:
    return compile(rf"(^|[^0-9A-Za-z]){escape(suffix)}($|[^0-9A-Za-z])")


def is_kept(reads: Reads, kind: str, name: str) -> bool:
    """Tell whether the resource with this name in AWS is desired and not about to be destroyed."""
    return not reads.destroying and name in reads.desired.names(kind)


def find_only(reads: Reads, kind: str) -> str | None:
    """Return the name in AWS of the only resource of this kind that the reads are about; None if all are."""
    return reads.only.physical_name if reads.only and reads.only.kind == kind else None


def is_asked_about(reads: Reads, kind: str, name: str) -> bool:
    """Tell whether the reads are about the resource of this kind with this name in AWS."""
    return find_only(reads, kind) in (None, name)


def is_looked_at(reads: Reads, kind: str, name: str, arn: str) -> bool:
    """Tell whether the reads are about a resource that may be ours, of a type that is listed as a whole."""
    return is_asked_about(reads, kind, name) and is_candidate(reads, kind, name, arn)
