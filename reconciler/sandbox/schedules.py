"""EventBridge Scheduler: a schedule reads ActionAfterCompletion NONE where none was sent, as recorded."""

from typing import Any

from moto.scheduler.models import Schedule

from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(Schedule, "to_dict", _tell_default)


def _tell_default(original: Any, schedule: Schedule, **form: Any) -> dict[str, Any]:
    told: dict[str, Any] = original(schedule, **form)
    return told | {"ActionAfterCompletion": told["ActionAfterCompletion"] or "NONE"}
