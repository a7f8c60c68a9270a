"""The calls that register, deregister and delete revisions of a task definition."""

from collections.abc import Iterator
from dataclasses import replace

from reconciler.aws.parallel import batches
from reconciler.model import tags
from reconciler.model.newness import IN_FORCE_WITHIN, if_new, if_passed_later
from reconciler.model.spec import Live
from reconciler.model.steps import Amount, Call, ErrorMatch, ErrorMatches, Later, Step
from reconciler.resources import task_families
from reconciler.resources.task_definition.parameters import encode_task_definition
from reconciler.resources.task_definition.spec import TaskDefinition

MAX_REVISIONS_DELETED = 10  # in one DeleteTaskDefinitions
TAGGING = replace(tags.ECS, attr="id")
NOT_ACTIVE = (  # a revision that cannot be deregistered any more
    *task_families.NOT_FOUND,
    ErrorMatch("ClientException", "inactive"),
    ErrorMatch("ClientException", "does not exist"),
    ErrorMatch("ClientException", "process of being deleted"),
)
COMPARED_FIELDS = (
    *("cpu", "memory", "architecture", "ephemeral_storage", "execution_role", "task_role"),
    *("containers", "others"),
)


def ensure_task_definition(want: TaskDefinition, live: Live[TaskDefinition] | None) -> Iterator[Step | Later]:
    if live and not _differs(want, live.spec):
        yield from tags.retag(TAGGING, want, live)
        return
    paths = {"id": "taskDefinitionArn", "family": "family", "revision": "revision"}
    outputs = {name: f"taskDefinition.{path}" for name, path in paths.items()}
    params, not_yet = encode_task_definition(want), _roles_not_yet(want)
    yield Call("ecs", "register_task_definition", params, outputs, retry=not_yet, patience=IN_FORCE_WITHIN)
    if live and (retiring := live.spec.retiring):
        yield _after_all_else(len(retiring))
        # The oldest first: if the run ends meanwhile, the newest of them can still be gone back to.
        yield from (_deregister(arn, Amount(1, "old revisions")) for arn in reversed(retiring))


def _after_all_else(number: int) -> Later:
    """Return the mark before the deregistrations: AWS allows one a second, so no deployment waits for them."""
    what = "1 old revision is" if number == 1 else f"{number:,} old revisions are"
    return Later(
        "old revisions", f"{what} deregistered beside the rollouts; nothing waits for that", clean_up=True
    )


def _differs(want: TaskDefinition, live: TaskDefinition) -> bool:
    return any(getattr(want, f) not in (None, getattr(live, f)) for f in COMPARED_FIELDS)


def _roles_not_yet(want: TaskDefinition) -> ErrorMatches:
    """Return the errors about roles that IAM shows, and that ECS does not know yet.

    About an older role they say the truth: the caller may not pass it.
    """
    roles = [role for role in (want.execution_role, want.task_role) if role]
    denied = [match for role in roles for match in if_passed_later(role)]
    unknown = if_new((ErrorMatch("ClientException", "Role is not valid"),), *roles, known=0) if roles else ()
    return (*denied, *unknown)


def _deregister(arn: str, amount: Amount | None = None) -> Call:
    return Call("ecs", "deregister_task_definition", {"taskDefinition": arn}, ignore=NOT_ACTIVE, amount=amount)


def list_revisions(live: Live[TaskDefinition]) -> list[str]:
    """Return the ARNs of all revisions of the family: first INACTIVE ones, then ACTIVE ones, newest last."""
    active = live.spec.active or ((live.outputs["id"],) if not live.spec.inactive else ())
    return [*live.spec.inactive, *sorted(active, key=task_families.parse_revision)]


def lingers(live: Live[TaskDefinition]) -> bool:
    """Tell whether a family has more revisions than one call deletes: AWS deregisters one revision a second."""
    return len(list_revisions(live)) > MAX_REVISIONS_DELETED


def remove(live: Live[TaskDefinition]) -> Iterator[Step]:
    # The newest is last: if this run breaks off, it shows the next one the family, and whose it is.
    for arns in batches(list_revisions(live), MAX_REVISIONS_DELETED):
        yield from (_deregister(arn) for arn in arns if arn not in live.spec.inactive)
        params, failures = {"taskDefinitions": arns}, "failures[].join(': ', [arn, reason])"
        amount = Amount(len(arns), "revisions")
        yield Call(
            "ecs", "delete_task_definitions", params, ignore=NOT_ACTIVE, warnings=failures, amount=amount
        )
