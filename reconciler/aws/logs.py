"""Set up structlog: readable lines on a terminal, JSON elsewhere, always on stderr."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from time import monotonic
from typing import Any, Literal

import structlog

from desired_state.secrecy import hide_in_text
from reconciler.model.printable import printable

BEGUN_KEY = "reconciler-begun"  # in botocore's context of a call: the monotonic second in which it began

Level = Literal["debug", "info", "warning", "error"]


def configure(level: Level = "warning") -> None:
    """Log messages of this level and above. Parameters are never logged, and secrets are hidden."""
    people = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer(sort_keys=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
            structlog.processors.format_exc_info,
            _hide_secrets,
            *([_escape] if people else []),  # JSON escapes by itself
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        # Looked up at each use: progress on a terminal puts its own stream in the way while it draws.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide secrets in the texts of a log event, tracebacks included."""
    return {name: hide_in_text(value) if isinstance(value, str) else value for name, value in event.items()}


def _escape(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape what a terminal obeys in the texts of a log event."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in event.items()}


def every_call(events: Any) -> None:
    """Log each AWS call of the clients created from now on, without its parameters, on level debug.

    `events` are those of a boto3 session. A call that botocore retries is logged once.
    """
    log = structlog.get_logger()
    if not log.is_enabled_for(logging.DEBUG):
        return

    def begun(context: dict[str, Any], **_: Any) -> None:
        context[BEGUN_KEY] = monotonic()

    def ended(event_name: str, context: Mapping[str, Any], parsed: Mapping[str, Any], **_: Any) -> None:
        metadata, error = parsed.get("ResponseMetadata", {}), parsed.get("Error", {})
        found = {
            "request": metadata.get("RequestId"),
            "tries": metadata.get("RetryAttempts", 0) + 1,
            "code": error.get("Code"),
        }
        log.debug("call", **_call(event_name, context), **{k: v for k, v in found.items() if v})

    def failed(event_name: str, context: Mapping[str, Any], exception: Exception, **_: Any) -> None:
        log.debug("call", **_call(event_name, context), code=type(exception).__name__)

    events.register("before-call.*.*", begun)
    events.register("after-call.*.*", ended)
    events.register("after-call-error.*.*", failed)


def _call(event_name: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the call's name and duration in seconds, given an event such as `after-call.ec2.DescribeVpcs`."""
    return {"call": event_name.partition(".")[2], "seconds": round(monotonic() - context[BEGUN_KEY], 3)}
