"""Moments, as statuses and records have them: 2026-11-27T22:14:03+00:00."""

from datetime import datetime


def format_time(at: datetime) -> str:
    """Return a moment as in 2026-11-27T22:14:03+00:00."""
    return at.isoformat(timespec="seconds")
