"""Say how far the reading of AWS is."""

from reconciler.aws.tally import Tally


def describe_reading(tally: Tally) -> str:
    """Return `Reading AWS: 1,212 answers, 61 to come; waiting for ecr.get_lifecycle_policy`."""
    text = f"Reading AWS: {tally.answered:,} answer{'s' * (tally.answered != 1)}"
    if not (to_come := tally.to_come):
        return text
    waiting = f"; waiting for {operation}" if (operation := tally.most_asked) else ""
    return f"{text}, {to_come:,} to come{waiting}"


def describe_rehearsing(tally: Tally) -> str:
    """Return `Rehearsing in simulated time: 1,212 answers read`."""
    return f"Rehearsing in simulated time: {tally.answered:,} answer{'s' * (tally.answered != 1)} read"
