"""Groups of schedules: no two of a name, the default one stays, and a deleted one is DELETING for a while."""

from typing import Any

from moto.scheduler.models import EventBridgeSchedulerBackend, ScheduleGroup

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import current, wrap

DEFAULT = "default"


def install() -> None:
    wrap(EventBridgeSchedulerBackend, "create_schedule_group", _create)
    wrap(EventBridgeSchedulerBackend, "delete_schedule_group", _delete)
    wrap(EventBridgeSchedulerBackend, "get_schedule_group", _get)
    wrap(EventBridgeSchedulerBackend, "list_schedule_groups", _list)
    wrap(ScheduleGroup, "to_dict", _tell)


def find_group(scheduler: Any, name: str | None) -> Any:
    """Return a group that is there, also one that is DELETING; refuse others."""
    _forget_deleted(scheduler)
    group = scheduler.schedule_groups.get(name or DEFAULT)
    if group is None:
        raise Refusal("ResourceNotFoundException", f"Schedule group {name or DEFAULT} does not exist.")
    return group


def is_deleting(group: Any) -> bool:
    """Tell whether the group was deleted, and is not gone yet."""
    return hasattr(group, "gone_at")


def _create(original: Any, scheduler: Any, name: str, tags: Any) -> Any:
    _forget_deleted(scheduler)
    if name in scheduler.schedule_groups:
        raise Refusal("ConflictException", f"Schedule group {name} already exists.")
    return original(scheduler, name, tags or [])


def _delete(_original: Any, scheduler: Any, name: str | None) -> None:
    """Delete it, in time: its schedules go with it, and may start their targets until then (API reference)."""
    group = find_group(scheduler, name)
    if group.name == DEFAULT:
        raise Refusal("ValidationException", "You cannot delete the default schedule group.")
    if not is_deleting(group):
        group.gone_at = current().clock.now() + current().profile.schedule_group
    _forget_deleted(scheduler)


def _get(_original: Any, scheduler: Any, group_name: str | None) -> Any:
    return find_group(scheduler, group_name)


def _list(original: Any, scheduler: Any, *args: Any, **kwargs: Any) -> Any:
    _forget_deleted(scheduler)
    return original(scheduler, *args, **kwargs)


def _tell(original: Any, group: Any) -> dict[str, Any]:
    told: dict[str, Any] = original(group)
    return told | {"State": "DELETING" if is_deleting(group) else "ACTIVE"}


def _forget_deleted(scheduler: Any) -> None:
    now = current().clock.now()
    for name, group in list(scheduler.schedule_groups.items()):
        if is_deleting(group) and group.gone_at <= now:
            del scheduler.schedule_groups[name]
            scheduler.tagger.delete_all_tags_for_resource(group.arn)
