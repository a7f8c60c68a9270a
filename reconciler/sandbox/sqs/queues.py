"""Queues: encrypted by SQS itself unless told otherwise, and a deleted one's name is refused for a minute."""

from typing import Any

from moto.sqs.exceptions import SQSException
from moto.sqs.models import Queue, SQSBackend

from reconciler.sandbox.world import current, wrap

NAME_KEPT = 60  # seconds (SQS API reference, CreateQueue)


def install() -> None:
    wrap(SQSBackend, "create_queue", _create)
    wrap(SQSBackend, "delete_queue", _delete)
    wrap(Queue, "_set_attributes", _set_attributes)


def _create(original: Any, sqs: Any, name: str, tags: Any = None, **attributes: Any) -> Any:
    deleted = _deletions(sqs).get(name, -NAME_KEPT)
    if name not in sqs.queues and deleted + NAME_KEPT > current().clock.now():
        message = (
            "You must wait 60 seconds after deleting a queue before you can create another with the same name."
        )
        raise SQSException("AWS.SimpleQueueService.QueueDeletedRecently", message)
    if name not in sqs.queues:
        attributes.setdefault("SqsManagedSseEnabled", "true")  # since 2022 (SQS developer guide, encryption)
    return original(sqs, name, tags, **attributes)


def _delete(original: Any, sqs: Any, queue_name: str) -> None:
    original(sqs, queue_name)
    if current().profile.queue_names_kept:
        _deletions(sqs)[queue_name] = current().clock.now()


def _deletions(sqs: Any) -> dict[str, float]:
    deletions: dict[str, float] = sqs.__dict__.setdefault("deletions", {})
    return deletions


def _set_attributes(original: Any, queue: Any, attributes: dict[str, Any], now: float | None = None) -> None:
    """Set these attributes. moto forgets the policy where another attribute is set, and takes "" for one."""
    policy = attributes.get("Policy", getattr(queue, "policy", None))
    original(queue, {**attributes, "Policy": policy or None}, now)
