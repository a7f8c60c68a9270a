"""Routes and health checks of a service behind the load balancer."""

from typing import Annotated

from pydantic import Field

from desired_state.absence import Absent
from desired_state.auth import Auth
from desired_state.part import Name, Part, Pattern, Seconds

# ELB's own alphabets for path and host conditions, * and ? included (ELB user guide, "Condition types").
PathPattern = Annotated[
    str, Pattern(r"[/*?][A-Za-z0-9_\-.$/~\"'@:+&*?]{0,127}", "a path such as /api/*, at most 128 characters")
]
HostPattern = Annotated[
    str,
    Pattern(
        r"(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z]+",
        "a host name such as *.example.com, at most 128 characters, with letters after the last dot",
    ),
]


class Route(Part):
    """A listener rule, which forwards matching requests to the service."""

    priority: int = Field(ge=1, le=50_000)
    """Rules are tried from the lowest; 1 to 50000, once in a listener."""

    paths: Annotated[tuple[PathPattern, ...], Absent(())] = ()
    """Path patterns, one of which must match; * and ? are wildcards."""

    hosts: Annotated[tuple[HostPattern, ...], Absent(())] = ()
    """Host name patterns, one of which must match as well."""

    load_balancer: Annotated[Name | None, Absent(word=False)] = None
    """Name of the load balancer in `load_balancers`; if left out, the first internet-facing one."""

    listener: Annotated[Name | None, Absent(word=False)] = None
    """Name of the listener; if left out, the first with HTTPS, else the first that does not redirect."""

    port: Annotated[Name | None, Absent(word=False)] = None
    """Name of the port in `ports` that requests go to; if left out, the first one with TCP."""

    sticky: Annotated[Seconds | None, Absent(0)] = Field(None, ge=0, le=604_800)
    """Number of seconds, up to 7 days, in which a client's requests go to the same task, by a cookie, or 0s for
    any task; if left out, it is left as it is. All routes to one port say the same."""

    auth: Annotated[Auth | None, Absent()] = None
    """Log-in that comes before the request is forwarded; only where the listener has HTTPS."""


class HealthCheck(Part):
    """The health check with which the load balancer checks each task of a service."""

    path: Annotated[str, Pattern(r"/\S{0,1023}", "a path that begins with /")] = "/"
    """Path of the request, on the service's port."""

    interval: Seconds = Field(30, ge=5, le=300)
    """Number of seconds between two checks."""

    timeout: Seconds = Field(5, ge=2, le=120)
    """Number of seconds after which a check without an answer has failed; less than the interval."""

    healthy: int = Field(5, ge=2, le=10)
    """Number of successes in a row that make a task healthy."""

    unhealthy: int = Field(2, ge=2, le=10)
    """Number of failures in a row that make a task unhealthy."""

    matcher: Annotated[
        str,
        Pattern(
            r"[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*",
            'statuses from 200 to 499, such as "200" or "200-299"',
        ),
    ] = "200"
    """HTTP statuses that count as a success."""

    grace_period: Annotated[Seconds, Absent(0)] = Field(60, ge=0, le=2_147_483_647)
    """Number of seconds after a task's start in which ECS ignores failed checks."""
