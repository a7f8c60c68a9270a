"""One round of drift: what differs from the file that was applied, how bad it is, and what is corrected."""

from reconciler.drift.report import find_drift
from reconciler.drift.who import ask_who, parse_time, with_authors

__all__ = ["ask_who", "find_drift", "parse_time", "with_authors"]
