"""What a task consists of: the service's container, the X-Ray daemon, and where they log to."""

from desired_state.container import Image, XRay
from desired_state.names import XRAY_CONTAINER
from desired_state.service import Service
from reconciler.blueprint.context import Context
from reconciler.model.references import Ref, Text
from reconciler.resources.log_group import LogGroup
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.containers import Container, ContainerHealthCheck, Port

DAEMON_PORT = 2000  # udp


def task_definition(
    context: Context, name: str, heading: str, execution_role: Ref, task_role: Ref
) -> tuple[TaskDefinition, list[LogGroup]]:
    """The service's task definition, and the log groups of its containers."""
    wanted, xray = context.platform.services[name], context.platform.services[name].tracing.xray
    logs = [_log_group(context, name, heading, wanted.logs.retention_days, protect=wanted.protect)]
    containers = {name: _app(context, name, wanted, logs[0])}
    if xray:
        daemon_logs = _log_group(context, f"xray-{name}", heading, xray.retention_days, protect=wanted.protect)
        logs.append(daemon_logs)
        containers[XRAY_CONTAINER] = _daemon(context, f"xray-{name}", xray, daemon_logs)
    definition = context.spec(
        TaskDefinition,
        context.names.family(name),
        heading=heading,
        cpu=wanted.cpu,
        memory=wanted.memory,
        architecture=wanted.architecture,
        execution_role=execution_role,
        task_role=task_role,
        containers=containers,
    )
    return definition, logs


def _log_group(context: Context, stream: str, heading: str, days: int, *, protect: bool) -> LogGroup:
    return context.spec(
        LogGroup, context.names.log_group(stream), heading=heading, protect=protect, retention_days=days
    )


def _app(context: Context, name: str, wanted: Service, logs: LogGroup) -> Container:
    tracing = {"AWS_XRAY_DAEMON_ADDRESS": f"localhost:{DAEMON_PORT}"} if wanted.tracing.xray else {}
    check = wanted.container_health_check
    return Container(
        image=_image(context.names.repository(name), wanted.image),
        essential=True,
        environment={"SERVICE_NAME": name, **tracing, **wanted.environment},
        secrets=dict(wanted.secrets),
        command=wanted.command or None,
        ports=frozenset({Port(container_port=wanted.port, protocol="tcp")}),
        log_group=logs.ref(),
        log_prefix=name,
        log_region=context.facts.region,
        health_check=check and ContainerHealthCheck(**dict(check)),
    )


def _daemon(context: Context, prefix: str, xray: XRay, logs: LogGroup) -> Container:
    return Container(
        image=xray.image,
        essential=True,
        cpu=xray.cpu,
        memory=xray.memory,
        ports=frozenset({Port(container_port=DAEMON_PORT, protocol="udp")}),
        log_group=logs.ref(),
        log_prefix=prefix,
        log_region=context.facts.region,
    )


def _image(repository: str, image: Image) -> Text | str:
    if image.uri:
        return image.uri
    uri = (Ref("ecr_repository", repository, "uri"),)
    return Text(f"{{}}@{image.digest}", uri) if image.digest else Text(f"{{}}:{image.tag}", uri)
