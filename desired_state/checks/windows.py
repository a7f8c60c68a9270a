from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.windows import WindowMistake, parse_window


def check_windows(platform: Platform) -> Iterator[Violation]:
    """Check that each window names days of the week, hours and a known time zone."""
    for index, text in enumerate(platform.drift.windows):
        try:
            parse_window(text)
        except WindowMistake as mistake:
            yield Violation(("drift", "windows", index), str(mistake), candidates=mistake.meant)
