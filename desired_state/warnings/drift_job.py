"""Find a job of drift correction that can correct nothing."""

from collections.abc import Iterator

from desired_state.platform import Platform
from desired_state.warnings.file_warning import FileWarning


def find_idle_job(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning if the job should correct, and no record tells what was applied last."""
    job = platform.drift_correction
    if job and not platform.lease and (job.correct or platform.drift.correct) != "none":
        yield FileWarning(
            ("lease",),
            "the job of drift_correction will correct nothing: `lease: false` leaves no record of what was applied",
        )
