"""What a task consists of: the service's container, the X-Ray daemon, and where they log to."""

from desired_state.container import Image, XRay
from desired_state.names import XRAY_CONTAINER
from reconciler.blueprint.service_context import ServiceContext
from reconciler.model.references import Ref, Text
from reconciler.resources.log_group import LogGroup
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.containers import Container, ContainerHealthCheck, Port

DAEMON_PORT = 2000  # udp


def task_definition(own: ServiceContext, role: Ref) -> tuple[TaskDefinition, list[LogGroup]]:
    """Return the service's task definition, and the log groups of its containers."""
    wanted, xray = own.wanted, own.wanted.tracing.xray
    logs = [_log_group(own, own.name, wanted.logs.retention_days)]
    containers = {own.name: _app(own, logs[0])}
    if xray:
        stream = f"xray-{own.name}"
        logs.append(_log_group(own, stream, xray.retention_days))
        containers[XRAY_CONTAINER] = _daemon(own, stream, xray, logs[1])
    definition = own.spec(
        TaskDefinition,
        own.names.family(own.name),
        cpu=wanted.cpu,
        memory=wanted.memory,
        architecture=wanted.architecture,
        execution_role=own.shared.cluster.execution_role,
        task_role=role,
        containers=containers,
    )
    return definition, logs


def _log_group(own: ServiceContext, stream: str, days: int) -> LogGroup:
    return own.spec(LogGroup, own.names.log_group(stream), protect=own.wanted.protect, retention_days=days)


def _app(own: ServiceContext, logs: LogGroup) -> Container:
    wanted = own.wanted
    tracing = {"AWS_XRAY_DAEMON_ADDRESS": f"localhost:{DAEMON_PORT}"} if wanted.tracing.xray else {}
    check = wanted.container_health_check
    return Container(
        image=_image(own.names.repository(own.name), wanted.image),
        essential=True,
        environment={"SERVICE_NAME": own.name, **tracing, **wanted.environment},
        secrets=dict(wanted.secrets),
        command=wanted.command or None,
        ports=frozenset({Port(container_port=wanted.port, protocol="tcp")}),
        log_group=logs.ref(),
        log_prefix=own.name,
        log_region=own.context.facts.region,
        health_check=check and ContainerHealthCheck(**dict(check)),
    )


def _daemon(own: ServiceContext, prefix: str, xray: XRay, logs: LogGroup) -> Container:
    return Container(
        image=xray.image,
        essential=True,
        cpu=xray.cpu,
        memory=xray.memory,
        ports=frozenset({Port(container_port=DAEMON_PORT, protocol="udp")}),
        log_group=logs.ref(),
        log_prefix=prefix,
        log_region=own.context.facts.region,
    )


def _image(repository: str, image: Image) -> Text | str:
    if image.uri:
        return image.uri
    uri = (Ref("ecr_repository", repository, "uri"),)
    return Text(f"{{}}@{image.digest}", uri) if image.digest else Text(f"{{}}:{image.tag}", uri)
