from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.windows import WindowMistake, parse_window

CORRECTIONS = ("none", "security", "safe")  # each is a part of the next one


def check_drift(platform: Platform) -> Iterator[Violation]:
    """Check that windows mean something, and that the job corrects no more than any correction may."""
    for index, text in enumerate(platform.drift.windows):
        try:
            parse_window(text)
        except WindowMistake as mistake:
            yield Violation(("drift", "windows", index), str(mistake), candidates=mistake.meant)
    job, most = platform.drift_correction, platform.drift.correct
    if job and job.correct and CORRECTIONS.index(job.correct) > CORRECTIONS.index(most):
        message = f"is more than drift.correct, {most}, which holds for every correction"
        yield Violation(("drift_correction", "correct"), message, depends_on=(("drift", "correct"),))
