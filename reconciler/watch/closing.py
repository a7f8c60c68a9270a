"""What a watch says of each stack when it ends."""

from reconciler.model.correction import Ended
from reconciler.watch.status import RoundOutcome, StackStatus


def describe_end(status: StackStatus) -> str:
    """Return a line about what is known of a stack."""
    if status.last is None:
        return f"{status.stack}: not looked at yet"
    words = [f"{status.stack}: {_describe_last(status)}"]
    endings = [c.ended for c in status.corrections]
    words += [f"{endings.count(ended)} {ended}" for ended in Ended if ended in endings]
    words += [f"{len(status.waiting)} waiting"] if status.waiting else []
    words += [f"{len(status.contested)} contested"] if status.contested else []
    return ", ".join(words)


def _describe_last(status: StackStatus) -> str:
    last = status.last
    if last is None or last.outcome is RoundOutcome.FAILED:
        good = (
            f"the last good round began at {status.last_good}"
            if status.last_good
            else "there was no good round"
        )
        return f"rounds that failed in a row: {status.failures}; {good}"
    counts = ", ".join(f"{number} {severity}" for severity, number in status.counts().items() if number)
    return f"{last.outcome} at {last.at}{f' ({counts})' if counts else ''}"
