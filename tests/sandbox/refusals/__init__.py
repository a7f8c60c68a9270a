"""Calls that the embedded AWS refuses: a table of probes for each service."""
