"""How requests reach a service."""

from typing import Annotated

from pydantic import Field

from desired_state.part import Form, Name, Part

# ELB's own alphabets for path and host conditions, * and ? included (ELB user guide, "Condition types").
PathPattern = Annotated[
    str, Form(r"[/*?][A-Za-z0-9_\-.$/~\"'@:+&*?]{0,127}", "a path such as /api/*, at most 128 characters")
]
HostPattern = Annotated[str, Form(r"[A-Za-z0-9.*?-]{1,128}", "a host name such as *.example.com")]


class Route(Part):
    """A listener rule: what matches goes to the service."""

    priority: int = Field(ge=1, le=50_000)
    """Rules are tried from the lowest; 1 to 50000, once in a listener."""

    paths: tuple[PathPattern, ...] = ()
    """Path patterns, of which one must match; * and ? are wildcards."""

    hosts: tuple[HostPattern, ...] = ()
    """Host name patterns, of which one must match too."""

    listener: Name | None = None
    """Name of the listener; the first one if left out."""


class HealthCheck(Part):
    """How the load balancer checks each task of a service with routes."""

    path: Annotated[str, Form(r"/\S{0,1023}", "a path that begins with /")] = "/"
    """Path that is asked for, on the service's port."""

    interval: int = Field(30, ge=5, le=300)
    """Seconds between two checks."""

    timeout: int = Field(5, ge=2, le=120)
    """Seconds without an answer that are a failure; less than the interval."""

    healthy: int = Field(5, ge=2, le=10)
    """Successes in a row that make a task healthy."""

    unhealthy: int = Field(2, ge=2, le=10)
    """Failures in a row that make a task unhealthy."""

    matcher: Annotated[
        str,
        Form(
            r"[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*",
            'statuses from 200 to 499, such as "200" or "200-299"',
        ),
    ] = "200"
    """HTTP statuses that are a success."""

    grace_period: int = Field(60, ge=0, le=2_147_483_647)
    """Seconds after a task's start in which ECS ignores failed checks."""
