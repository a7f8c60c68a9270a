"""The spec of a target group."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from reconciler.model.aws_default import AwsDefault, AwsDefaults
from reconciler.model.references import Ref, fingerprint, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, UNCOMPARED, Spec
from reconciler.resources.target_group.health_check import HealthCheck

ALGORITHM = "load_balancing.algorithm.type"
GRPC, HTTP1 = "GRPC", "HTTP1"
SLOW_START = "slow_start.duration_seconds"
STICKINESS = "stickiness.enabled"
OPEN_ATTRIBUTES = AwsDefaults(
    {
        ALGORITHM: AwsDefault("round_robin", "services.NAME.algorithm"),
        SLOW_START: AwsDefault("0", "services.NAME.slow_start"),
        STICKINESS: AwsDefault("false", "services.NAME.routes.sticky"),
    }
)
NAME_TAIL = 25  # characters of the name in the plan; with a hyphen and six digits, AWS's maximum of 32


class TargetGroup(Spec):
    """A target group: the targets to which rules forward requests."""

    kind: ClassVar[str] = "target_group"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    port: Annotated[int, UNCOMPARED]
    """The port of targets that are registered without one. ECS registers each task with its own port."""
    protocol: Annotated[str, IMMUTABLE] = "HTTP"
    version: Annotated[str, IMMUTABLE] = HTTP1
    """The version of HTTP in which targets get requests: HTTP1, HTTP2 or GRPC."""
    target_type: Annotated[str, IMMUTABLE] = "ip"
    health_check: Annotated[HealthCheck, DECLARED]
    attributes: Annotated[Mapping[str, str], DECLARED, OPEN_ATTRIBUTES]
    """Its attributes by AWS's names. Attributes that the desired value lacks are not managed."""
    aws_name: Annotated[str, UNCOMPARED] = ""
    """Live only: its name in AWS."""
    foreign_targets: Annotated[frozenset[str], UNCOMPARED] = frozenset()
    """Live only, and only for a drift report: the targets that are no tasks of the stack, as `address:port`."""

    @property
    def physical_name(self) -> str:
        """Its name in AWS. It contains a hash, so that a group and its replacement can coexist.

        The end of the name in the plan is kept: it holds the stack's suffix, by which our groups are found.
        """
        tail = self.name[-NAME_TAIL:].strip("-")
        usual = {"version": HTTP1}  # groups had names before there was a choice
        fixed = {field: value for field, value in self.immutable.items() if usual.get(field) != value}
        return self.aws_name or f"{tail}-{fingerprint({'name': self.name, **fixed})}"
