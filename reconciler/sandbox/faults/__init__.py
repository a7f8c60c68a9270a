"""Faults of the embedded AWS: throttled, failed and lost requests."""
