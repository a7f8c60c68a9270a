"""The deployments of a service."""

from typing import Annotated, Literal

from pydantic import Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, ShortForm

FailureThreshold = Annotated[
    str,
    Pattern(r"[1-9]\d{0,3}%?", "a number of tasks such as 3, or a percentage such as 50%"),
    ShortForm("text", ("number",)),
]


class Deployment(Part):
    """The limits of a rolling deployment."""

    minimum_healthy_percent: int = Field(100, ge=0, le=100)
    """Percentage of the desired count that keeps running during a deployment."""

    maximum_percent: int = Field(200, ge=100, le=200)
    """Percentage of the desired count that old and new tasks together may reach during a deployment."""

    circuit_breaker: Annotated[Literal["rollback", "enabled", "off"], Absent("off")] = "rollback"
    """Reaction to a deployment whose tasks fail: roll back, only stop, or try for ever."""

    breaker_threshold: FailureThreshold = "50%"
    """Failures to which the circuit breaker reacts: a number of tasks, or a percentage of the desired count."""
