from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from desired_state.checks.balancing import check_balancing
from desired_state.checks.ports import check_ports
from desired_state.checks.scaling import check_scaling
from desired_state.checks.violation import Violation
from desired_state.env_files import is_in_s3
from desired_state.service import Service

# Memory sizes in MiB for each cpu (ECS developer guide, "Task CPU and memory").
_MEMORY_SIZES: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}

_MOST_ENV_FILES = 10


def check_service(name: str, wanted: Service) -> Iterator[Violation]:
    """Check the rules between the values of one service."""
    where = ("services", name)
    rules = (
        _check_fargate_size,
        _check_xray_daemon,
        _check_image,
        _check_variables,
        _check_env_files,
        _check_process,
        _check_container_health_check,
        _check_target_health_check,
        _check_deployment,
        check_scaling,
        check_balancing,
        check_ports,
    )
    for violation in chain.from_iterable(rule(wanted) for rule in rules):
        depends_on = tuple((*where, *part) for part in violation.depends_on)
        yield violation._replace(where=(*where, *violation.where), depends_on=depends_on)


def _check_fargate_size(wanted: Service) -> Iterator[Violation]:
    sizes = _MEMORY_SIZES[wanted.cpu]
    if wanted.memory in sizes:
        return
    if isinstance(sizes, range):
        choice = f"{sizes[0]} to {sizes[-1]} by {sizes.step}"
    else:
        choice = ", ".join(map(str, sizes))
    nearest = min(sizes, key=lambda size: abs(size - wanted.memory))
    message = f"{wanted.memory} MiB do not go with cpu {wanted.cpu} on Fargate ({choice})"
    yield Violation(("memory",), message, depends_on=(("cpu",),), candidates=(nearest,))


def _check_xray_daemon(wanted: Service) -> Iterator[Violation]:
    daemon = wanted.tracing.xray
    sizes = {"cpu": (daemon.cpu, wanted.cpu), "memory": (daemon.memory, wanted.memory)} if daemon else {}
    for key, (share, whole) in sizes.items():
        if share >= whole:
            message = f"{share} leaves nothing of the task's {whole} for the service itself"
            yield Violation(("tracing", "xray", key), message, depends_on=((key,),))


def _check_image(wanted: Service) -> Iterator[Violation]:
    given = [key for key in ("tag", "digest", "uri") if getattr(wanted.image, key)]
    if len(given) > 1:
        yield Violation(("image",), f"give one of {' and '.join(given)}, not both")
    elif not given:
        yield Violation(("image",), "names no image: give a tag, a digest or a uri")
    if wanted.image.uri and wanted.image.repository:
        yield Violation(("image",), "give one of repository and uri, not both")


def _check_variables(wanted: Service) -> Iterator[Violation]:
    """Check that no secret has the name of a variable, which ECS refuses (ECS API reference, Secret)."""
    engine = {"SERVICE_NAME"} | ({"AWS_XRAY_DAEMON_ADDRESS"} if wanted.tracing.xray else set())
    for name, secret in wanted.secrets.items():
        if bool(secret.value_from) == bool(secret.secret):
            yield Violation(("secrets", name), "give one of value_from and secret")
        elif secret.key and not secret.secret:
            yield Violation(("secrets", name, "key"), "is the key of a secret: name that by `secret`")
        if name in wanted.environment:
            yield Violation(("secrets", name), "is in environment too; a variable has one value")
        elif name in engine:
            yield Violation(("secrets", name), "is set by the engine; choose another name")


def _check_env_files(wanted: Service) -> Iterator[Violation]:
    """Check that ECS reads no more files than it can (ECS API reference, ContainerDefinition)."""
    in_s3 = [name for name in wanted.env_file if is_in_s3(name)]
    if len(in_s3) > _MOST_ENV_FILES:
        yield Violation(("env_file",), f"has {len(in_s3)} files in S3, and ECS reads {_MOST_ENV_FILES} at most")


def _check_process(wanted: Service) -> Iterator[Violation]:
    """Check what a container's program may do (ECS developer guide, "Considerations for using ECS Exec")."""
    files = wanted.ulimits.nofile
    if files and files.hard and files.soft > files.hard:
        yield Violation(
            ("ulimits", "nofile", "soft"), f"{files.soft} is more than the hard limit, {files.hard}"
        )
    if wanted.read_only and wanted.execute_command:
        message = "leaves no place for the agent of execute_command, which writes files: give one of them"
        yield Violation(("read_only",), message, depends_on=(("execute_command",),))
    for index, name in enumerate(wanted.drop_capabilities):
        if name in wanted.drop_capabilities[:index]:
            yield Violation(("drop_capabilities", index), f"{name} is there twice")


def _check_container_health_check(wanted: Service) -> Iterator[Violation]:
    check = wanted.container_health_check
    if check and check.command[0] not in {"CMD", "CMD-SHELL"}:
        yield Violation(("container_health_check", "command"), "has to begin with CMD or CMD-SHELL")


def _check_target_health_check(wanted: Service) -> Iterator[Violation]:
    check = wanted.health_check
    if check.timeout >= check.interval:
        message = f"{check.timeout} s is not less than the interval of {check.interval} s"
        yield Violation(("health_check", "timeout"), message, depends_on=(("health_check", "interval"),))


def _check_deployment(wanted: Service) -> Iterator[Violation]:
    """Check that the limits leave room for one task: ECS rounds the lower one up and the upper one down."""
    low, high = wanted.deployment.minimum_healthy_percent, wanted.deployment.maximum_percent
    tasks = min((n for n in (wanted.desired_count, wanted.scaling and wanted.scaling.min) if n), default=0)
    if tasks and -(-tasks * low // 100) >= tasks * high // 100:
        message = (
            f"{low} to {high} percent of {tasks} tasks lets none be stopped or started; "
            "lower minimum_healthy_percent or raise maximum_percent"
        )
        yield Violation(("deployment",), message, depends_on=(("desired_count",), ("scaling",)))
