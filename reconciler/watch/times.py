"""Moments, as statuses and records have them: 2026-11-27T22:14:03+00:00."""

from datetime import datetime


def format_time(at: datetime) -> str:
    """Return a moment as in 2026-11-27T22:14:03+00:00."""
    return at.isoformat(timespec="seconds")


def parse_time(text: str) -> datetime | None:
    """Return a moment of a record or a status, which may be empty or somebody else's; None if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
