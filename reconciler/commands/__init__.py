"""What the commands do; each returns its exit code. Imported when a command runs: the help needs none of it."""
