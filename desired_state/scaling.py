"""The automatic scaling of a service."""

from typing import Annotated

from pydantic import Field

from desired_state.absence import Absent
from desired_state.part import Part, Seconds

Percent = Annotated[int, Field(ge=1, le=100)]


class Scaling(Part):
    """Target tracking by Application Auto Scaling, which owns the task count from the first apply on."""

    min: int = Field(1, ge=0, le=5000)
    """Fewest tasks."""

    max: int = Field(ge=1, le=5000)
    """Most tasks."""

    cpu: Annotated[Percent | None, Absent()] = None
    """Target for the average CPU utilization of the service, in percent."""

    memory: Annotated[Percent | None, Absent()] = None
    """Target for the average memory utilization of the service, in percent."""

    scale_in_cooldown: Seconds = Field(300, ge=0, le=86_400)
    """Number of seconds between two scale-in activities."""

    scale_out_cooldown: Seconds = Field(300, ge=0, le=86_400)
    """Number of seconds between two scale-out activities."""
