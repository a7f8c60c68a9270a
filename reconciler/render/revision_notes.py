"""Notes about services that run another revision of their task definition than the file's."""

from reconciler.model.plan import Change
from reconciler.model.references import Ref
from reconciler.render.differences import Difference
from reconciler.resources.ecs_service.spec import FAILED_PREFIX


def explain_difference(change: Change, difference: Difference) -> str:
    """Return why a field of a service differs, if that is not obvious; else an empty string."""
    if difference.path == "lost_by_tasks":
        return "its tasks cannot use it any more and are replaced"
    return _explain_revision(change, difference)


def _explain_revision(change: Change, difference: Difference) -> str:
    """Return why ECS runs the live revision: the reason of a rollback, or `deployed by others`.

    The result is empty if the reason is not known, or if the difference is not about the task definition.
    """
    live, want = difference.live, difference.want
    if difference.path != "task_definition" or not isinstance(live, Ref) or not isinstance(want, Ref):
        return ""
    failures = [
        f.live for f in change.fields if f.field == "deployment" and str(f.live).startswith(FAILED_PREFIX)
    ]
    if failures:
        return str(failures[0]).removeprefix(FAILED_PREFIX)
    family, _, revision = live.name.rpartition(":")
    ours, _, newest = want.name.rpartition(":")
    if not want.foreign or (family == ours and int(revision) < int(newest)):
        return ""
    return "deployed by others"
