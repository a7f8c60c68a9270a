"""Plans, progress and outcomes in the form that people and programs read."""
