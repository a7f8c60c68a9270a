"""The differences that the file says to ignore: they are listed as ignored, and left alone. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reconciler.model.drift import Difference, Remark, Status
from reconciler.resources.kind import Kinds

MOST_IGNORED = 20  # fields by one pattern, before a person is told: it may hide more than was meant
WHERE = "drift.ignore"


@dataclass(frozen=True)
class Ignore:
    """A pattern of the file, such as `service.web.desired_count` or `log_group.*.tags.*`."""

    text: str

    @property
    def words(self) -> tuple[str, str]:
        """The type, and the name with the fields."""
        kind, _, rest = self.text.partition(".")
        return kind, rest

    def matches(self, kinds: Kinds, difference: Difference) -> bool:
        """Tell whether it is about this difference: about the field, or all that the field holds.

        A resource is meant by its name in the plan, or by the service that it belongs to.
        """
        own, (kind, rest) = difference.address, self.words
        if not any(_matches(kind, word) for word in {own.kind, kinds[own.kind].called} - {""}):
            return False
        names = [own.name, *([difference.service] if difference.service else [])]
        paths = (f"{name}.{difference.path}" if difference.path else name for name in names)
        return any(_matches(rest, path, below=True) for path in paths)


def _matches(pattern: str, text: str, *, below: bool = False) -> bool:
    """Tell whether the text is as the pattern says; `below`: or has that and a dot before the rest."""
    expression = ".*".join(map(re.escape, pattern.split("*"))) + (r"(\..*)?" if below else "")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def ignore(
    kinds: Kinds, patterns: Sequence[str], found: Iterable[Difference]
) -> tuple[list[Difference], list[Remark]]:
    """Return the differences, with the status of those that are ignored, and what to tell of the patterns."""
    ignores, counts = [Ignore(text) for text in patterns], dict.fromkeys(patterns, 0)
    differences = []
    for difference in found:
        matching = [each.text for each in ignores if each.matches(kinds, difference)]
        for text in matching:
            counts[text] += 1
        differences.append(replace(difference, status=Status.IGNORED) if matching else difference)
    return differences, [*filter(None, (_remark(text, count) for text, count in counts.items()))]


def _remark(pattern: str, count: int) -> Remark | None:
    if count == 0:
        return Remark(f"{WHERE}: {pattern}", "nothing that differs matches it")
    if count > MOST_IGNORED:
        return Remark(f"{WHERE}: {pattern}", f"it hides {count} differences, which may be more than was meant")
    return None
