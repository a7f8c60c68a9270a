"""The automatic scaling of a service: by metrics, and by the clock."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from desired_state.absence import Absent, Entries
from desired_state.part import Name, Part, Pattern, Seconds

Percent = Annotated[int, Field(ge=1, le=100)]
Cron = Annotated[
    str,
    Pattern(
        r"(\S+ ){5}\S+",
        "six fields, minute, hour, day of the month, month, day of the week and year, such as 0 22 * * ? *",
    ),
]


class Schedule(Part):
    """Moments at which the range of the task count becomes another one, until another schedule changes it."""

    cron: Cron
    """Moments in AWS's six fields, one of the two days being ?, such as 0 22 ? * MON-FRI *."""

    timezone: str = "UTC"
    """Time zone of the moments, such as Europe/Berlin."""

    min: int = Field(ge=0, le=5000)
    """Fewest tasks from then on."""

    max: int = Field(ge=0, le=5000)
    """Most tasks from then on."""


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

    requests: Annotated[int | None, Absent()] = Field(None, ge=1, le=1_000_000_000)
    """Target for the requests that each task gets from the load balancer in a minute; only with routes."""

    schedules: Annotated[Mapping[Name, Schedule], Entries(), Absent({})] = {}
    """Schedules by name, which change the range at certain moments, such as at night."""

    scale_in_cooldown: Seconds = Field(300, ge=0, le=86_400)
    """Number of seconds between two scale-in activities."""

    scale_out_cooldown: Seconds = Field(300, ge=0, le=86_400)
    """Number of seconds between two scale-out activities."""

    @property
    def ranges(self) -> Iterator[tuple[int, int]]:
        """The fewest and most tasks, at first and from each schedule on."""
        yield self.min, self.max
        yield from ((schedule.min, schedule.max) for schedule in self.schedules.values())

    @property
    def fewest(self) -> int:
        """The number of tasks that run at least, whatever the time."""
        return min(least for least, _ in self.ranges)

    @property
    def most(self) -> int:
        """The number of tasks that run at most, whatever the time."""
        return max(most for _, most in self.ranges)
