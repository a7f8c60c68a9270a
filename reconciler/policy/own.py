"""The drift-correction job may not write what it is itself made of: what it may do would be up to it."""

from collections.abc import Iterable, Iterator, Mapping

from reconciler.model.spec import Spec
from reconciler.policy.grant import Grant, grant
from reconciler.policy.place import Place
from reconciler.policy.use import Use

WRITES_OF_TYPES: Mapping[str, tuple[str, tuple[str, ...]]] = {  # kind -> ARN, and the actions that are denied
    "iam_role": (
        "arn:{partition}:iam::{account}:role/NAME",
        (
            "iam:Attach*",
            "iam:Create*",
            "iam:Delete*",
            "iam:Detach*",
            "iam:Put*",
            "iam:Tag*",
            "iam:Untag*",
            "iam:Update*",
        ),
    ),
    "task_definition": (
        "arn:{partition}:ecs:{region}:{account}:task-definition/NAME:*",
        ("ecs:DeleteTaskDefinitions", "ecs:RegisterTaskDefinition", "ecs:TagResource", "ecs:UntagResource"),
    ),
    "log_group": (
        "arn:{partition}:logs:{region}:{account}:log-group:NAME*",
        (
            "logs:Associate*",
            "logs:Create*",
            "logs:Delete*",
            "logs:Disassociate*",
            "logs:Put*",
            "logs:Tag*",
            "logs:Untag*",
        ),
    ),
    "schedule": (
        "arn:{partition}:scheduler:{region}:{account}:schedule/NAME/*",
        ("scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"),
    ),
    "schedule_group": (
        "arn:{partition}:scheduler:{region}:{account}:schedule-group/NAME",
        (
            "scheduler:CreateScheduleGroup",
            "scheduler:DeleteScheduleGroup",
            "scheduler:TagResource",
            "scheduler:UntagResource",
        ),
    ),
}


def own_grants(use: Use, place: Place, specs: Iterable[Spec]) -> Iterator[Grant]:
    """Yield the denials of writes to the job's own roles, definition, schedule and log group."""
    if use not in (Use.DRIFT, Use.CORRECT):
        return
    for kind, (arn, actions) in WRITES_OF_TYPES.items():
        own = [s for s in specs if s.kind == kind and s.of_the_job]
        if own:
            sid = f"NotTheJobs{kind.title().replace('_', '')}"
            yield grant(place, sid, actions, [arn.replace("NAME", s.physical_name) for s in own], effect="Deny")
