"""Reads of the embedded AWS that do not show yet what was just changed."""
