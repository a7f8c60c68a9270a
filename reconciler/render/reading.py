"""Say how far the reading of AWS is."""

from reconciler.aws.tally import Tally


def describe_reading(tally: Tally) -> str:
    """Return `Reading AWS: 1,212 answers; 61 to come, most of ecr.get_lifecycle_policy`."""
    text = f"Reading AWS: {tally.answered:,} answer{'s' * (tally.answered != 1)}"
    if not (to_come := tally.to_come):
        return text
    most = f", most of {operation}" if (operation := tally.most_asked) else ""
    return f"{text}; {to_come:,} to come{most}"
