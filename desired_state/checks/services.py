from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from desired_state.checks.complaint import Complaint
from desired_state.service import Service

# MiB for each cpu: from, to, step (ECS developer guide, "Task CPU and memory").
_MEMORY: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}


def service(name: str, wanted: Service) -> Iterator[Complaint]:
    """What must hold inside one service."""
    where = ("services", name)
    rules = (_fargate, _daemon, _image, _variables, _container_check, _target_check, _deployment, _scaling)
    for complaint in chain.from_iterable(rule(wanted) for rule in rules):
        yield Complaint(
            (*where, *complaint.where), complaint.message, tuple((*where, *part) for part in complaint.rests_on)
        )


def _fargate(wanted: Service) -> Iterator[Complaint]:
    sizes = _MEMORY[wanted.cpu]
    if wanted.memory in sizes:
        return
    if isinstance(sizes, range):
        choice = f"{sizes[0]} to {sizes[-1]} by {sizes.step}"
    else:
        choice = ", ".join(map(str, sizes))
    nearest = min(sizes, key=lambda size: abs(size - wanted.memory))
    message = (
        f"{wanted.memory} MiB do not go with cpu {wanted.cpu} on Fargate ({choice}); did you mean {nearest}?"
    )
    yield Complaint(("memory",), message, rests_on=(("cpu",),))


def _daemon(wanted: Service) -> Iterator[Complaint]:
    daemon = wanted.tracing.xray
    sizes = {"cpu": (daemon.cpu, wanted.cpu), "memory": (daemon.memory, wanted.memory)} if daemon else {}
    for key, (share, whole) in sizes.items():
        if share >= whole:
            message = f"{share} leaves nothing of the task's {whole} for the service itself"
            yield Complaint(("tracing", "xray", key), message, rests_on=((key,),))


def _image(wanted: Service) -> Iterator[Complaint]:
    given = [key for key in ("tag", "digest", "uri") if getattr(wanted.image, key)]
    if len(given) > 1:
        yield Complaint(("image",), f"give one of {' and '.join(given)}, not both")


def _variables(wanted: Service) -> Iterator[Complaint]:
    """ECS refuses a name that is both plain and secret (ECS API reference, Secret)."""
    engine = {"SERVICE_NAME"} | ({"AWS_XRAY_DAEMON_ADDRESS"} if wanted.tracing.xray else set())
    for name in wanted.secrets:
        if name in wanted.environment:
            yield Complaint(("secrets", name), "is in environment too; a variable has one value")
        elif name in engine:
            yield Complaint(("secrets", name), "is set by the engine; choose another name")


def _container_check(wanted: Service) -> Iterator[Complaint]:
    check = wanted.container_health_check
    if check and check.command[0] not in {"CMD", "CMD-SHELL"}:
        yield Complaint(("container_health_check", "command"), "has to begin with CMD or CMD-SHELL")


def _target_check(wanted: Service) -> Iterator[Complaint]:
    check = wanted.health_check
    if check.timeout >= check.interval:
        message = f"{check.timeout} s is not less than the interval of {check.interval} s"
        yield Complaint(("health_check", "timeout"), message, rests_on=(("health_check", "interval"),))


def _deployment(wanted: Service) -> Iterator[Complaint]:
    """ECS rounds the lower limit up and the upper one down; between them it needs room for a task."""
    low, high = wanted.deployment.minimum_healthy_percent, wanted.deployment.maximum_percent
    tasks = min((n for n in (wanted.desired_count, wanted.scaling and wanted.scaling.min) if n), default=0)
    if tasks and -(-tasks * low // 100) >= tasks * high // 100:
        message = (
            f"{low} to {high} percent of {tasks} tasks lets none be stopped or started; "
            "lower minimum_healthy_percent or raise maximum_percent"
        )
        yield Complaint(("deployment",), message, rests_on=(("desired_count",), ("scaling",)))


def _scaling(wanted: Service) -> Iterator[Complaint]:
    scaling = wanted.scaling
    if scaling is None:
        return
    if scaling.min > scaling.max:
        message = f"{scaling.min} is more than max, {scaling.max}"
        yield Complaint(("scaling", "min"), message, rests_on=(("scaling", "max"),))
    elif "desired_count" in wanted.model_fields_set and not scaling.min <= wanted.desired_count <= scaling.max:
        message = f"{wanted.desired_count} is outside of scaling's {scaling.min} to {scaling.max}, which would move it"
        yield Complaint(("desired_count",), message, rests_on=(("scaling",),))
    if scaling.cpu is None and scaling.memory is None:
        yield Complaint(("scaling",), "has nothing to follow; give cpu or memory, in percent")
