"""The ports that a service's container listens on."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from desired_state.absence import Absent, Entries
from desired_state.load_balancer import Port
from desired_state.part import Name, Part, ShortForm, WrongValue


def _refuse_http(value: Any) -> Any:
    if value == "http":
        raise WrongValue("is not right: write tcp for HTTP/1.1, or http2 or grpc")
    return value


class ServicePort(Part):
    """A port that the container listens on."""

    port: Port
    """Its number, 1 to 65535."""

    protocol: Annotated[Literal["tcp", "udp", "http2", "grpc"], BeforeValidator(_refuse_http)] = "tcp"
    """Protocol: tcp or udp; http2 or grpc where the load balancer sends requests so, from HTTPS only."""

    @property
    def transport(self) -> Literal["tcp", "udp"]:
        """Protocol of the packets."""
        return "udp" if self.protocol == "udp" else "tcp"

    @property
    def version(self) -> Literal["HTTP2", "GRPC"] | None:
        """What a target group with this port has as its version of HTTP; None for HTTP/1.1."""
        versions: Mapping[str, Literal["HTTP2", "GRPC"]] = {"http2": "HTTP2", "grpc": "GRPC"}
        return versions.get(self.protocol)


def _refuse_list(value: Any) -> Any:
    """Return the value. Raises `ValueError` for a list, as compose has it."""
    if isinstance(value, list | tuple):
        raise WrongValue(
            "is not right: the ports that the container listens on, by name, such as {http: 8080}, or `port` for one"
        )
    return value


Ports = Annotated[
    Mapping[Name, Annotated[ServicePort, ShortForm("port", ("integer",))]],
    Entries(),
    Absent({}),
    BeforeValidator(_refuse_list),
]
NO_PORTS: Mapping[str, ServicePort] = {}
