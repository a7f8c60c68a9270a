"""The task definition of a service: its container, the X-Ray daemon, and their log groups."""

from typing import Any

from desired_state.container import Image, XRay
from desired_state.names import XRAY_CONTAINER
from desired_state.service import Service
from reconciler.blueprint.env_files import list_env_files
from reconciler.blueprint.secrets import find_value_from
from reconciler.blueprint.service_context import ServiceContext
from reconciler.model.references import Ref, Text
from reconciler.resources.log_group import NO_KEY, LogGroup
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.containers import (
    STOP_TIMEOUT,
    Container,
    ContainerHealthCheck,
    Port,
    Ulimit,
)
from reconciler.resources.task_definition.spec import EPHEMERAL_STORAGE

XRAY_DAEMON_PORT = 2000  # UDP


def task_definition(service: ServiceContext, role: Ref) -> tuple[TaskDefinition, list[LogGroup]]:
    """Return the service's task definition, and the log groups of its containers that this stack makes."""
    settings, xray = service.settings, service.settings.tracing.xray
    stream, existing = f"xray-{service.name}", settings.logs.existing
    days = {service.name: settings.logs.retention_days} | ({stream: xray.retention_days} if xray else {})
    made = {} if existing else {name: _log_group(service, name, kept) for name, kept in days.items()}
    logs = {name: Ref("log_group", existing, by_id=True) if existing else made[name].ref() for name in days}
    containers = {service.name: _service_container(service, logs[service.name])}
    if xray:
        containers[XRAY_CONTAINER] = _xray_container(service, stream, xray, logs[stream])
    definition = service.spec(
        TaskDefinition,
        service.names.family(service.name),
        cpu=settings.cpu,
        memory=settings.memory,
        architecture=settings.architecture,
        ephemeral_storage=settings.ephemeral_storage or EPHEMERAL_STORAGE,
        execution_role=service.execution_role,
        task_role=role,
        containers=containers,
    )
    return definition, list(made.values())


def _log_group(service: ServiceContext, stream: str, days: int) -> LogGroup:
    key = service.settings.logs.kms
    return service.spec(
        LogGroup,
        service.names.log_group(stream),
        protect=service.settings.protect,
        retention_days=days,
        kms_key=NO_KEY if key == "none" else key,
    )


def _service_container(service: ServiceContext, logs: Ref) -> Container:
    settings = service.settings
    tracing = {"AWS_XRAY_DAEMON_ADDRESS": f"localhost:{XRAY_DAEMON_PORT}"} if settings.tracing.xray else {}
    check = settings.container_health_check
    return Container(
        image=_image(settings.image, service.repository("uri")),
        essential=True,
        environment={"SERVICE_NAME": service.name, **tracing, **settings.environment},
        environment_files=list_env_files(settings, service.context.facts),
        secrets={k: find_value_from(v, service.context.facts) for k, v in settings.secrets.items()},
        entry_point=settings.entrypoint or None,
        command=settings.command or None,
        **_process(settings),
        ports=frozenset(Port(container_port=p.port, protocol=p.transport) for p in settings.listens.values()),
        log_group=logs,
        log_prefix=service.name,
        log_region=service.context.facts.region,
        health_check=check and ContainerHealthCheck(**dict(check)),
    )


def _process(settings: Service) -> dict[str, Any]:
    """Return the fields that say how the container's program runs."""
    files = settings.ulimits.nofile
    return {
        "user": settings.user,
        "working_directory": settings.working_directory,
        "readonly_root_filesystem": settings.read_only,
        "init_process": settings.init,
        "stop_timeout": settings.stop_timeout or STOP_TIMEOUT,
        "ulimits": {"nofile": Ulimit(soft=files.soft, hard=files.hard or files.soft)} if files else {},
        "dropped_capabilities": frozenset(settings.drop_capabilities),
    }


def _xray_container(service: ServiceContext, prefix: str, xray: XRay, logs: Ref) -> Container:
    return Container(
        image=xray.image,
        essential=True,
        cpu=xray.cpu,
        memory=xray.memory,
        ports=frozenset({Port(container_port=XRAY_DAEMON_PORT, protocol="udp")}),
        log_group=logs,
        log_prefix=prefix,
        log_region=service.context.facts.region,
    )


def _image(image: Image, repository: Ref) -> Text | str:
    if image.uri:
        return image.uri
    end = f"@{image.digest}" if image.digest else f":{image.tag}"
    return f"{repository.name}{end}" if repository.by_id else Text(f"{{}}{end}", (repository,))
