"""structlog, set up once: for people on a terminal, JSON elsewhere, always to stderr."""

import logging
import sys
from collections.abc import Mapping
from time import monotonic
from typing import Any, Literal

import structlog

BEGUN = "reconciler-begun"  # in botocore's context of a call

Level = Literal["debug", "info", "warning", "error"]


def configure(level: Level = "warning") -> None:
    """Log from this level on. What is logged holds names and codes, never parameters: those may hold secrets."""
    people = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer(sort_keys=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        # Looked up at each use: progress on a terminal puts its own stream in the way while it draws.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def every_call(events: Any) -> None:
    """Log each AWS call of the clients that are made from now on, reads too, on level debug: never what is sent.

    `events`: of a boto3 session. Tries that botocore makes by itself are one call.
    """
    log = structlog.get_logger()
    if not log.is_enabled_for(logging.DEBUG):
        return

    def begun(context: dict[str, Any], **_: Any) -> None:
        context[BEGUN] = monotonic()

    def ended(event_name: str, context: Mapping[str, Any], parsed: Mapping[str, Any], **_: Any) -> None:
        told, error = parsed.get("ResponseMetadata", {}), parsed.get("Error", {})
        found = {
            "request": told.get("RequestId"),
            "tries": told.get("RetryAttempts", 0) + 1,
            "code": error.get("Code"),
        }
        log.debug("call", **_of(event_name, context), **{k: v for k, v in found.items() if v})

    def failed(event_name: str, context: Mapping[str, Any], exception: Exception, **_: Any) -> None:
        log.debug("call", **_of(event_name, context), code=type(exception).__name__)

    events.register("before-call.*.*", begun)
    events.register("after-call.*.*", ended)
    events.register("after-call-error.*.*", failed)


def _of(event_name: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """`after-call.ec2.DescribeVpcs` tells the call."""
    return {"call": event_name.partition(".")[2], "seconds": round(monotonic() - context[BEGUN], 3)}
