from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform

_MINUTE = 60  # seconds
_URLS = ("webhook", "key", "slack")


def check_drift_correction(platform: Platform) -> Iterator[Violation]:
    """Check what the job of AWS's schedule can do."""
    job = platform.drift_correction
    if job is None:
        return
    if job.every % _MINUTE:
        message = f"is {job.every} seconds: a schedule knows whole minutes only, such as {_round(job.every)}m"
        yield Violation(("drift_correction", "every"), message)
    if job.notify is None:
        where, told = ("drift", "notify"), platform.drift.notify
    else:
        where, told = ("drift_correction", "notify"), job.notify
    for number, notified in enumerate(told):
        for name in _URLS:
            url = getattr(notified, name)
            if url and url.env:
                message = (
                    f"is in the environment variable {url.env}, which the job of drift_correction does not have: "
                    "keep it in Secrets Manager, and name that secret by the key `secret`"
                )
                yield Violation((*where, number, name), message)


def _round(seconds: int) -> int:
    return max(1, round(seconds / _MINUTE))
