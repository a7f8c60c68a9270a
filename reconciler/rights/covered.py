"""ARNs that another one, with a *, covers already."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase


def drop_covered(arns: Iterable[str]) -> Iterator[str]:
    """Yield the ARNs without those that an ARN with a * covers: they would grant no more, and take room."""
    arns = tuple(arns)
    patterns = [arn for arn in arns if "*" in arn]
    return (arn for arn in arns if not any(_covers(pattern, arn) for pattern in patterns))


def _covers(pattern: str, arn: str) -> bool:
    return fnmatchcase(arn, pattern) and not fnmatchcase(pattern, arn)
