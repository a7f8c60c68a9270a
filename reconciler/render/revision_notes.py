"""A note on a service that runs another revision of its task definition than the file's."""

from reconciler.model.plan import Change
from reconciler.model.references import Ref
from reconciler.render.differences import Difference
from reconciler.resources.ecs_service.spec import FAILED_PREFIX


def explain_revision(change: Change, d: Difference) -> str:
    """Return why ECS runs the live revision: a rollback's reason, or `deployed by others`.

    Empty where it is not known, or if `d` is not about the task definition.
    """
    live, want = d.live, d.want
    if d.path != "task_definition" or not isinstance(live, Ref) or not isinstance(want, Ref):
        return ""
    failures = [
        f.live for f in change.fields if f.field == "deployment" and str(f.live).startswith(FAILED_PREFIX)
    ]
    if failures:
        return str(failures[0]).removeprefix(FAILED_PREFIX)
    family, _, revision = live.name.rpartition(":")
    ours, _, newest = want.name.rpartition(":")
    if not want.by_id or (family == ours and int(revision) < int(newest)):
        return ""
    return "deployed by others"
