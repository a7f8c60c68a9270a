"""Containers of a task definition: as ECS takes them, and as it tells of them. Nothing here has an order."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import Part

Raw = Mapping[str, Any]

PLAIN = ("name", "image", "cpu", "memory", "essential", "environment", "secrets", "command", "healthCheck")
LOG_OPTIONS = ("awslogs-group", "awslogs-region", "awslogs-stream-prefix")


class Port(Part):
    """A port that the container listens on. In awsvpc mode the host's is the same."""

    container_port: int
    protocol: Literal["tcp", "udp"] = "tcp"


class ContainerHealthCheck(Part):
    """A command that ECS runs in the container. Times are seconds; the defaults are ECS's."""

    command: tuple[str, ...]
    interval: int = 30
    timeout: int = 5
    retries: int = 3
    start_period: int = 0


class Container(Part):
    """One container of a task."""

    image: Text | str
    cpu: int | None = None
    """Units out of the task's."""
    memory: int | None = None
    """MiB; killed beyond it."""
    essential: bool = True
    environment: Mapping[str, str] = {}
    secrets: Mapping[str, str] = {}
    """Environment variables by the ARN of a secret or parameter."""
    command: tuple[str, ...] | None = None
    ports: frozenset[Port] = frozenset()
    log_group: Annotated[Ref, refers_to("log_group")] | None = None
    log_prefix: str | None = None
    log_region: str | None = None
    health_check: ContainerHealthCheck | None = None
    others: Mapping[str, str] = {}
    """What AWS has besides, by its name there, as JSON. Never wanted: a new revision leaves it out."""


def definition(name: str, container: Container) -> dict[str, Any]:
    """The container as RegisterTaskDefinition takes it."""
    ports = sorted(container.ports, key=lambda port: (port.container_port, port.protocol))
    params = {
        "image": container.image,
        "cpu": container.cpu,
        "memory": container.memory,
        "portMappings": [{"containerPort": p.container_port, "protocol": p.protocol} for p in ports],
        "environment": [{"name": k, "value": v} for k, v in sorted(container.environment.items())],
        "secrets": [{"name": k, "valueFrom": v} for k, v in sorted(container.secrets.items())],
        "command": list(container.command or ()),
        "logConfiguration": container.log_group and _logging(container),
        "healthCheck": container.health_check and _checked(container.health_check),
    }
    return {"name": name, "essential": container.essential} | {k: v for k, v in params.items() if v}


def _logging(container: Container) -> dict[str, Any]:
    values = (container.log_group, container.log_region, container.log_prefix)
    options = {name: value for name, value in zip(LOG_OPTIONS, values, strict=True) if value}
    return {"logDriver": "awslogs", "options": options}


def _checked(check: ContainerHealthCheck) -> dict[str, Any]:
    times = {"interval": check.interval, "timeout": check.timeout, "retries": check.retries}
    return {"command": list(check.command), **times, "startPeriod": check.start_period}


def container(raw: Raw, image_of: Callable[[str], Text | str]) -> Container:
    """The container of DescribeTaskDefinition; `image_of` tells what its image is in the plan's words."""
    ports, odd_ports = _ports(raw.get("portMappings") or ())
    logs, odd_logs = _logs(raw.get("logConfiguration") or {})
    rest = {k: v for k, v in raw.items() if k not in PLAIN}
    return Container(
        image=image_of(raw.get("image", "")),
        cpu=raw.get("cpu") or None,
        memory=raw.get("memory"),
        essential=raw.get("essential", True),
        environment=_named(raw.get("environment"), "value"),
        secrets=_named(raw.get("secrets"), "valueFrom"),
        command=tuple(raw["command"]) if raw.get("command") else None,
        ports=ports,
        log_group=logs.get("awslogs-group"),
        log_prefix=logs.get("awslogs-stream-prefix"),
        log_region=logs.get("awslogs-region"),
        health_check=_health_check(raw.get("healthCheck") or {}),
        others=others(rest | {"portMappings": odd_ports, "logConfiguration": odd_logs}),
    )


def _named(items: Any, value: str) -> dict[str, str]:
    return {i["name"]: i[value] for i in items or () if i.get("name") and i.get(value) is not None}


def _ports(mappings: Any) -> tuple[frozenset[Port], list[Raw]]:
    """Those that only say port and protocol, and the others."""
    plain: list[Raw] = []
    odd: list[Raw] = []
    for m in mappings:
        same = m.get("hostPort") in (None, 0, m.get("containerPort"))
        only = "containerPort" in m and m.keys() <= {"containerPort", "hostPort", "protocol"}
        (plain if same and only else odd).append(m)
    ports = (Port(container_port=m["containerPort"], protocol=m.get("protocol") or "tcp") for m in plain)
    return frozenset(ports), odd


def _logs(raw: Raw) -> tuple[Raw, Raw]:
    """The options of the awslogs driver that say where, and what is configured besides."""
    if raw.get("logDriver") != "awslogs":
        return {}, raw
    options = raw.get("options") or {}
    besides = {k: v for k, v in options.items() if k not in LOG_OPTIONS}
    return options, {"options": besides, "secretOptions": raw.get("secretOptions")}


def _health_check(raw: Raw) -> ContainerHealthCheck | None:
    fields = {k: raw.get(k) for k in ("interval", "timeout", "retries")} | {
        "start_period": raw.get("startPeriod")
    }
    given = {k: v for k, v in fields.items() if v is not None}
    return ContainerHealthCheck(command=tuple(raw["command"]), **given) if raw.get("command") else None


def others(fields: Raw) -> dict[str, str]:
    """What says something, as JSON: null, false and what is empty say what AWS does anyway."""
    told = _told({k: v for k, v in fields.items() if (k, v) != ("versionConsistency", "enabled")})
    return {k: json.dumps(v, sort_keys=True, default=str) for k, v in told.items()}


def _told(value: Any) -> Any:
    match value:
        case Mapping():
            told = {k: _told(v) for k, v in value.items()}
            return {k: v for k, v in told.items() if not _says_nothing(v)}
        case list():
            return [t for t in map(_told, value) if not _says_nothing(t)]
    return value


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value in ({}, [], "")
