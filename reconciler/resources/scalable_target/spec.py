"""The spec of a scalable target, by which Application Auto Scaling changes the task count of an ECS service."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import IMMUTABLE, Part, Spec

_WHERE_GROUP_BEGINS = "/targetgroup/"  # in app/NAME/ID/targetgroup/NAME/ID


def parse_label(label: Any) -> Any:
    """Return a resource label as a Text of Refs to a load balancer and a target group; others unchanged."""
    if not isinstance(label, str) or _WHERE_GROUP_BEGINS not in label:
        return label
    balancer, _, group = label.partition(_WHERE_GROUP_BEGINS)
    return requests_to(
        Ref("load_balancer", balancer, "dimension", by_id=True),
        Ref("target_group", f"{_WHERE_GROUP_BEGINS[1:]}{group}", "dimension", by_id=True),
    )


def requests_to(balancer: Ref, group: Ref) -> Text:
    """Return the resource label of the requests that a load balancer sends to a target group."""
    return Text("{}/{}", (balancer, group))


class TargetTracking(Part):
    """A scaling policy that keeps a metric at its target."""

    metric: str
    """`cpu`, `memory` or `requests`. Live, for any other policy: AWS's name of its metric or type."""
    target: float
    """The target value of the metric: in percent, or requests of a target in a minute."""
    label: Annotated[Text | str | None, BeforeValidator(parse_label)] = None
    """For requests: the load balancer and the target group of the service that receives them."""
    scale_in_cooldown: int = 300
    """Seconds after a scale-in until the next one."""
    scale_out_cooldown: int = 300
    """Seconds after a scale-out until the next one."""
    scale_in: bool = True
    """False: the policy only adds tasks."""


class ScheduledAction(Part):
    """Moments at which the range becomes another one."""

    schedule: str
    """The moments, in AWS's form, such as cron(0 22 * * ? *)."""
    timezone: str = "UTC"
    min_capacity: int | None = None
    """The minimum from then on; live None: it stays."""
    max_capacity: int | None = None
    """The maximum from then on; live None: it stays."""
    start: str | None = None
    """Live only: the time before which nothing happens."""
    end: str | None = None
    """Live only: the time after which nothing happens any more."""


class ScalableTarget(Spec):
    """The range of a service's task count, and the policies that change the count."""

    kind: ClassVar[str] = "scalable_target"
    ecs_service: Annotated[Ref, refers_to("ecs_service"), IMMUTABLE]
    cluster: Annotated[Ref, refers_to("ecs_cluster"), IMMUTABLE]
    min_capacity: int
    """The minimum number of tasks."""
    max_capacity: int
    """The maximum number of tasks."""
    policies: Mapping[str, TargetTracking]
    """The scaling policies, by name."""
    schedules: Mapping[str, ScheduledAction] = {}
    """The scheduled actions, by name."""
    suspended: frozenset[Literal["scale_in", "scale_out", "scheduled"]] = frozenset()
    """The scaling activities that are suspended for all policies."""
