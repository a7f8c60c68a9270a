"""The name of a deleted queue is refused for 60 seconds (SQS API reference, QueueDeletedRecently)."""

from typing import Any

from moto.sqs.models import SQSBackend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import current, wrap

REFUSED_FOR = 60  # seconds


def install() -> None:
    wrap(SQSBackend, "create_queue", _create)
    wrap(SQSBackend, "delete_queue", _delete)


def _deleted(sqs: Any) -> dict[str, float]:
    """Return when queues were deleted, by name."""
    found: dict[str, float] = sqs.__dict__.setdefault("deleted_at", {})
    return found


def _create(original: Any, sqs: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    deleted = _deleted(sqs).get(name)
    if name not in sqs.queues and deleted is not None and current().clock.now() < deleted + REFUSED_FOR:
        message = f"You must wait {REFUSED_FOR} seconds after deleting a queue before you can create another"
        message += " with the same name."
        raise Refusal("QueueDeletedRecently", message)
    return original(sqs, name, *args, **kwargs)


def _delete(original: Any, sqs: Any, queue_name: str) -> Any:
    answer = original(sqs, queue_name)
    _deleted(sqs)[queue_name] = current().clock.now()
    return answer
