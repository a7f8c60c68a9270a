"""The spec of a schedule that starts tasks."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec


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
    task_definition: Annotated[Ref, refers_to("task_definition")]
    """The revision that is started. Of a family alone, AWS starts the newest ACTIVE one, whoever made it."""
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
