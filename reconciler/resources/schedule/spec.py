"""The spec of a schedule that starts tasks."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec

FAMILY = re.compile(r"(?P<before>arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition/)(?P<family>[\w-]+)")


def parse_family(arn: Any) -> Any:
    """Return the ARN of a family as a Text with a Ref to it. Return others unchanged, such as of a revision."""
    match = FAMILY.fullmatch(arn) if isinstance(arn, str) else None
    if match is None:
        return arn
    return Text(f"{match['before']}{{}}", (Ref("task_definition", match["family"], "family", by_id=True),))


class Schedule(Spec):
    """A schedule of EventBridge Scheduler that starts a task on Fargate by RunTask."""

    kind: ClassVar[str] = "schedule"
    group: Annotated[Ref, refers_to("schedule_group"), IMMUTABLE]
    expression: str
    """When it starts one, such as `rate(15 minutes)`."""
    window: int = 0
    """Minutes within which a start may be put off; 0: none."""
    enabled: bool = True
    starts: str = ""
    """Before when it starts none; empty: it starts them from its creation on."""
    ends: str = ""
    """When it starts its last one; empty: never."""
    cluster: Annotated[Ref, refers_to("ecs_cluster", "arn")]
    """Live: or the ARN of another kind of target, by id."""
    role: Annotated[Ref, refers_to("iam_role", "arn")]
    """The role by which it starts tasks."""
    task_definition: Annotated[Text | str, BeforeValidator(parse_family)]
    """The ARN of a family, without revision: the newest ACTIVE one is started. Live: or with one."""
    count: int = 1
    launch_type: str | None = None
    """Such as FARGATE; live None: by capacity providers."""
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]] = frozenset()
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]] = frozenset()
    public_address: bool = False
    propagate_tags: bool = True
    """True: tasks have the tags of their task definition."""
    execute_command: bool = False
    """True: people may run commands in its tasks, with the rights of the task's role."""
    overrides: str = ""
    """What replaces parts of the task definition at a start, as JSON; empty: nothing."""
    dead_letters: Annotated[Ref, refers_to("sqs_queue", "arn")] | None = None
    """The queue that is told of starts that failed."""
    retries: int
    """The number of further tries of a start that failed."""
    retried_for: int
    """Seconds after which a start is tried no more."""
    others: Annotated[Mapping[str, str], UNCOMPARED] = {}
    """Live only: parameters that no field holds, as JSON by AWS's name. An update sends them as they are."""
