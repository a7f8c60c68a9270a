"""What a container asks of the embedded AWS by its environment: a failure, or an end of its own accord.

`SANDBOX_FAIL` is `pull`, `exit` or `health`; `SANDBOX_EXIT` is the exit code with which the container ends as
soon as it runs. AWS knows neither.
"""

from typing import Any


def requested_failure(container: dict[str, Any]) -> str:
    """Return `pull`, `exit`, `health` or nothing."""
    return _variable(container, "SANDBOX_FAIL")


def requested_exit(container: dict[str, Any]) -> int | None:
    """Return the exit code that the container is to end with, or None if it runs until it is stopped."""
    if requested_failure(container) == "exit":
        return 1
    code = _variable(container, "SANDBOX_EXIT")
    return int(code) % 256 if code.isdecimal() else None


def _variable(container: dict[str, Any], name: str) -> str:
    return next(
        (str(e.get("value", "")) for e in container.get("environment", []) if e.get("name") == name), ""
    )
