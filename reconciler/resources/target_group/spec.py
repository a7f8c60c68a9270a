"""The spec of a target group."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from reconciler.model.references import Ref, fingerprint, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, UNCOMPARED, Spec
from reconciler.resources.target_group.health_check import HealthCheck

NAME_TAIL = 25  # characters of the name in the plan; with a hyphen and six digits that makes AWS's 32


class TargetGroup(Spec):
    """Where a load balancer sends the requests that match a rule."""

    kind: ClassVar[str] = "target_group"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    port: Annotated[int, IMMUTABLE]
    protocol: Annotated[str, IMMUTABLE] = "HTTP"
    target_type: Annotated[str, IMMUTABLE] = "ip"
    health_check: Annotated[HealthCheck, DECLARED]
    attributes: Annotated[Mapping[str, str], DECLARED]
    """Values by the attributes' names in AWS; those that are not given are not ours to manage."""
    aws_name: Annotated[str, UNCOMPARED] = ""
    """Live only: its name in AWS."""

    @property
    def physical_name(self) -> str:
        """Its name in AWS, with a hash: a group that replaces another exists beside it for a time.

        The end of the name in the plan stays: it holds the stack's suffix, by which its own are known.
        """
        tail = self.name[-NAME_TAIL:].strip("-")
        return self.aws_name or f"{tail}-{fingerprint({'name': self.name, **self.immutable})}"
