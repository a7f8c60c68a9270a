"""Convert containers to and from ECS's form: `PARAMETERS` has one row for each managed parameter."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from reconciler.resources.task_definition.containers import (
    STOP_TIMEOUT,
    Container,
    ContainerHealthCheck,
    Port,
    Ulimit,
)
from reconciler.resources.task_definition.unmanaged import encode_unmanaged

Raw = Mapping[str, Any]

LOG_OPTIONS = {  # the field -> the option of the awslogs driver
    "log_group": "awslogs-group",
    "log_region": "awslogs-region",
    "log_prefix": "awslogs-stream-prefix",
}
HEALTH_CHECK_PARAMETERS = {  # the field -> the parameter of HealthCheck
    "interval": "interval",
    "timeout": "timeout",
    "retries": "retries",
    "start_period": "startPeriod",
}


class Parameter(NamedTuple):
    """A parameter of a container definition, with its conversions to and from the container's fields."""

    name: str
    encode: Callable[[Container], Any]
    """Return its value. None, and an empty list or mapping, are not sent to ECS."""
    decode: Callable[[Any], tuple[Mapping[str, Any], Any]]
    """Return the container's fields, and the rest of the value, which no field holds."""


def _field(
    field: str,
    name: str,
    encode: Callable[[Any], Any] = lambda value: value,
    decode: Callable[[Any], Any] = lambda raw: raw,
) -> Parameter:
    """Return the row of a parameter that one field holds completely. Neither function gets None."""

    def encode_field(container: Container) -> Any:
        value = getattr(container, field)
        return value if value is None else encode(value)

    return Parameter(name, encode_field, lambda raw: ({} if raw is None else {field: decode(raw)}, None))


def _pairs(field: str, name: str, value: str) -> Parameter:
    """Return the row of a list of {"name": ..., value: ...}, which one field holds as a mapping."""
    return _field(
        field,
        name,
        encode=lambda values: [{"name": k, value: v} for k, v in sorted(values.items())],
        decode=lambda raw: {i["name"]: i[value] for i in raw if i.get("name") and i.get(value) is not None},
    )


def _encode_ports(container: Container) -> list[dict[str, Any]]:
    ports = sorted(container.ports, key=lambda port: (port.container_port, port.protocol))
    return [{"containerPort": port.container_port, "protocol": port.protocol} for port in ports]


def _decode_ports(raw: Any) -> tuple[Mapping[str, Any], Any]:
    """Return the ports, and separately the mappings with more than a port and its protocol."""
    plain = [m for m in raw or () if _is_plain(m)]
    ports = (Port(container_port=m["containerPort"], protocol=m.get("protocol") or "tcp") for m in plain)
    return {"ports": frozenset(ports)}, [m for m in raw or () if m not in plain]


def _is_plain(mapping: Raw) -> bool:
    same = mapping.get("hostPort") in (None, 0, mapping.get("containerPort"))
    return same and "containerPort" in mapping and mapping.keys() <= {"containerPort", "hostPort", "protocol"}


def _encode_logs(container: Container) -> dict[str, Any] | None:
    options = {name: getattr(container, field) for field, name in LOG_OPTIONS.items()}
    given = {name: value for name, value in options.items() if value}
    return {"logDriver": "awslogs", "options": given} if container.log_group else None


def _decode_logs(raw: Any) -> tuple[Mapping[str, Any], Any]:
    """Return the fields of the awslogs driver, and separately other drivers and options."""
    if not raw or raw.get("logDriver") != "awslogs":
        return {}, raw
    options = raw.get("options") or {}
    other_options = {k: v for k, v in options.items() if k not in LOG_OPTIONS.values()}
    fields = {field: options.get(name) for field, name in LOG_OPTIONS.items()}
    return fields, {"options": other_options, "secretOptions": raw.get("secretOptions")}


def _encode_health_check(check: ContainerHealthCheck) -> dict[str, Any]:
    return {"command": list(check.command)} | {
        name: getattr(check, field) for field, name in HEALTH_CHECK_PARAMETERS.items()
    }


def _decode_health_check(raw: Raw) -> ContainerHealthCheck | None:
    given = {field: raw[name] for field, name in HEALTH_CHECK_PARAMETERS.items() if raw.get(name) is not None}
    return ContainerHealthCheck(command=tuple(raw["command"]), **given) if raw.get("command") else None


def _encode_files(container: Container) -> list[dict[str, str]]:
    return [{"value": arn, "type": "s3"} for arn in container.environment_files]


def _decode_files(raw: Any) -> tuple[Mapping[str, Any], Any]:
    """Return the files in S3, and separately those of another type."""
    files = [file["value"] for file in raw or () if file.get("type") == "s3"]
    return {"environment_files": tuple(files)}, [file for file in raw or () if file.get("type") != "s3"]


def _encode_linux_parameters(container: Container) -> dict[str, Any]:
    init = {"initProcessEnabled": True} if container.init_process else {}
    dropped = sorted(container.dropped_capabilities)
    return init | ({"capabilities": {"drop": dropped}} if dropped else {})


def _decode_linux_parameters(raw: Any) -> tuple[Mapping[str, Any], Any]:
    """Return the init process and the dropped capabilities, and separately all else."""
    rest = dict(raw or {})
    capabilities = dict(rest.pop("capabilities", None) or {})
    fields = {
        "init_process": bool(rest.pop("initProcessEnabled", None)),
        "dropped_capabilities": frozenset(capabilities.pop("drop", None) or ()),
    }
    return fields, rest | {"capabilities": capabilities}


def _encode_ulimits(ulimits: Mapping[str, Ulimit]) -> list[dict[str, Any]]:
    return [{"name": k, "softLimit": v.soft, "hardLimit": v.hard} for k, v in sorted(ulimits.items())]


def _decode_ulimits(raw: Any) -> dict[str, Ulimit]:
    return {limit["name"]: Ulimit(soft=limit["softLimit"], hard=limit["hardLimit"]) for limit in raw}


PARAMETERS = (
    _field("essential", "essential"),
    _field("image", "image"),
    _field("cpu", "cpu", decode=lambda raw: raw or None),
    _field("memory", "memory"),
    Parameter("portMappings", _encode_ports, _decode_ports),
    _pairs("environment", "environment", "value"),
    Parameter("environmentFiles", _encode_files, _decode_files),
    _pairs("secrets", "secrets", "valueFrom"),
    _field("entry_point", "entryPoint", encode=list, decode=lambda raw: tuple(raw) or None),
    _field("command", "command", encode=list, decode=lambda raw: tuple(raw) or None),
    _field("user", "user", decode=lambda raw: raw or None),
    _field("working_directory", "workingDirectory", decode=lambda raw: raw or None),
    _field("readonly_root_filesystem", "readonlyRootFilesystem", encode=lambda value: value or None),
    Parameter("linuxParameters", _encode_linux_parameters, _decode_linux_parameters),
    _field("stop_timeout", "stopTimeout", encode=lambda value: None if value == STOP_TIMEOUT else value),
    _field("ulimits", "ulimits", encode=_encode_ulimits, decode=_decode_ulimits),
    Parameter("logConfiguration", _encode_logs, _decode_logs),
    _field("health_check", "healthCheck", _encode_health_check, _decode_health_check),
)


def encode_container(name: str, container: Container) -> dict[str, Any]:
    """Return the container definition for RegisterTaskDefinition."""
    params = {parameter.name: parameter.encode(container) for parameter in PARAMETERS}
    return {"name": name} | {k: v for k, v in params.items() if v is not None and v not in ([], {})}


def from_aws(raw: Raw) -> Container:
    """Return the container, given a container definition of DescribeTaskDefinition."""
    decoded = {parameter.name: parameter.decode(raw.get(parameter.name)) for parameter in PARAMETERS}
    fields = {"image": ""} | {k: v for found, _ in decoded.values() for k, v in found.items()}
    unknown = {k: v for k, v in raw.items() if k != "name" and k not in decoded}
    unknown |= {name: rest for name, (_, rest) in decoded.items()}
    return Container(**fields, others=encode_unmanaged(unknown))
