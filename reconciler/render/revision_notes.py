"""A note on a service that runs another revision of its task definition than the file's."""

from reconciler.model.plan import Change
from reconciler.model.references import Ref
from reconciler.render.differences import Difference
from reconciler.resources.ecs_service.severities import BY_OTHERS
from reconciler.resources.ecs_service.spec import FAILED_PREFIX
from reconciler.resources.task_families import is_earlier


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
    return BY_OTHERS if want.by_id and not is_earlier(live.name, want.name) else ""
