"""Rounds for ever: several platform files in one process, with events, notifications, metrics and a page."""
