"""Routes and health checks of a service behind the load balancer."""

import re
from typing import Annotated, Literal

from pydantic import Field

from desired_state.absence import Absent
from desired_state.auth import Auth
from desired_state.conditions import Conditions
from desired_state.load_balancer import FixedResponse, Redirect
from desired_state.part import Name, Part, Pattern, Seconds, ShortForm


class Response(FixedResponse):
    """A fixed response to the requests of a route."""

    body: Annotated[str, Absent("", word=False)] = Field("", max_length=1024)
    """Body of the response."""


class Route(Conditions):
    """A listener rule, which forwards matching requests to the service, or answers them itself."""

    priority: Annotated[int | None, Absent()] = Field(None, ge=1, le=50_000)
    """Rules are tried from the lowest; 1 to 50000, once in a listener. If left out, a rule keeps the one
    that it has, and a new one gets one of its own, before those of which it takes a part."""

    load_balancer: Annotated[Name | None, Absent(word=False)] = None
    """Name of the load balancer in `load_balancers`; if left out, the first internet-facing one."""

    listener: Annotated[Name | None, Absent(word=False)] = None
    """Name of the listener; if left out, the first with HTTPS, else the first that does not redirect."""

    port: Annotated[Name | None, Absent(word=False)] = None
    """Name of the port in `ports` that requests go to; if left out, the first one without UDP."""

    redirect: Annotated[Redirect | None, Absent(), ShortForm("redirect")] = None
    """Redirect of the requests, instead of a service, such as {host: new.example.com}."""

    fixed_response: Annotated[Response | None, Absent()] = None
    """Response to the requests, instead of a service, such as {status: 403}."""

    sticky: Annotated[Seconds | None, Absent(0)] = Field(None, ge=0, le=604_800)
    """Number of seconds, up to 7 days, in which a client's requests go to the same task, by a cookie, or 0s for
    any task; if left out, it is left as it is. All routes to one port say the same."""

    auth: Annotated[Auth | None, Absent()] = None
    """Log-in that comes before the request is forwarded or answered; only where the listener has HTTPS."""

    @property
    def answer(self) -> Redirect | Response | None:
        """The load balancer's own answer; None if the service answers."""
        return self.redirect or self.fixed_response


class HealthCheck(Part):
    """The health check with which the load balancer checks each task of a service."""

    protocol: Annotated[Literal["HTTP", "TCP"] | None, Absent()] = None
    """Protocol of a network load balancer's check: TCP, which a connection passes, or HTTP; if left out, TCP.
    An application load balancer checks over HTTP."""

    port: Annotated[Name | None, Absent(word=False)] = None
    """Name of the port in `ports`, with TCP, that is checked; if left out, each port with routes is. A port
    with UDP cannot be checked, so that its service names another one."""

    path: Annotated[str, Pattern(r"/\S{0,1023}", "a path that begins with /")] = "/"
    """Path of the request, for a check over HTTP."""

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
            r"[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*|\d\d?(-\d\d?)?(,\d\d?(-\d\d?)?)*",
            'statuses from 200 to 499, such as "200" or "200-299", or of gRPC from 0 to 99',
        ),
    ] = "200"
    """HTTP statuses that count as a success, or statuses of gRPC; if left out, that is 12 for gRPC."""

    grace_period: Annotated[Seconds, Absent(0)] = Field(60, ge=0, le=2_147_483_647)
    """Number of seconds after a task's start in which ECS ignores failed checks."""

    @property
    def is_for_grpc(self) -> bool:
        """Tell whether the statuses are those of gRPC."""
        return re.match(r"\d\d?(?!\d)", self.matcher) is not None
