"""Plans, progress and outcomes as text, JSON and Markdown."""
