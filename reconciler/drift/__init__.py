"""One round of drift: what differs from the file that was applied, how bad it is, and what is corrected."""

from reconciler.drift.report import find_drift

__all__ = ["find_drift"]
