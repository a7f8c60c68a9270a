"""Keep what AWS answered a creation with: a plan that would also delete it is wrong about it."""

from collections.abc import Iterable, Mapping

from reconciler.apply.execution import Execution
from reconciler.errors import AlreadyInUse
from reconciler.model.plan import Change, Op

Ids = Mapping[tuple[str, str], str]  # kind and id of what a plan deletes -> key of its deletion


def deletions_by_id(changes: Iterable[Change]) -> Ids:
    """Return the keys of the deletions, by the kind and the id of what they delete."""
    return {
        (c.address.kind, c.outputs["id"]): c.key for c in changes if c.op is Op.DELETE and "id" in c.outputs
    }


def find_deletion(deletions: Ids, execution: Execution) -> str | None:
    """Return the key of the deletion of the very resource that a creation was answered with; None if none.

    Some creates return a resource that has the same name (ELBv2, ECS and Cloud Map API references).
    """
    change = execution.change
    if change.op is not Op.CREATE or "id" not in execution.outputs:
        return None
    return deletions.get((change.address.kind, execution.outputs["id"]))


def already_in_use(execution: Execution) -> AlreadyInUse:
    """Return the error of such a creation."""
    what, own_id = execution.change.address.kind, execution.outputs["id"]
    return AlreadyInUse(
        f"AWS answered with a {what} that was there already, and that this plan would delete: {own_id}. "
        "It is kept; plan again"
    )
