"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of a command."""

    DONE = 0  # or nothing to do
    FAILED = 1  # any error, usage errors too: 2 has a meaning of its own
    CHANGES_FOUND = 2  # by `plan` and `drift`
    HELD = 3  # done, but for what waits for a person
    STOPPED = 130  # by a signal, as shells say of Ctrl-C
