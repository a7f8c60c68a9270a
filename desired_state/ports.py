"""The ports that a service's container listens on."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from desired_state.absence import Absent, Entries
from desired_state.load_balancer import Port
from desired_state.part import Name, Part, ShortForm, WrongValue


def _refuse_later_protocols(value: Any) -> Any:
    if value in ("http", "http2", "grpc"):
        raise WrongValue("is not supported yet: the load balancer sends HTTP/1.1; write tcp")
    return value


class ServicePort(Part):
    """A port that the container listens on."""

    port: Port
    """Its number, 1 to 65535."""

    protocol: Annotated[Literal["tcp", "udp"], BeforeValidator(_refuse_later_protocols)] = "tcp"
    """Protocol: tcp or udp."""


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
