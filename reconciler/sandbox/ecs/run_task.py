"""RunTask and StartTask: one-off tasks on Fargate, at most once for a client token."""

from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import EcsClientException, ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.needs import unassumable_roles
from reconciler.sandbox.ecs.network_checks import check_network
from reconciler.sandbox.ecs.one_off_tasks import launch_one_off, override
from reconciler.sandbox.ecs.run_task_checks import (
    TASKS_LIMIT,
    check_capacity,
    check_exec,
    check_overrides,
    check_platform,
    check_run,
    find_definition,
)
from reconciler.sandbox.ecs.task_answers import task_answer
from reconciler.sandbox.world import add, current

TOKEN_KEPT = 24 * 3600  # seconds (ECS API reference, ensuring idempotency)


@dataclass(frozen=True)
class Run:
    """A call of RunTask that launched tasks."""

    at: float
    sent: dict[str, Any]
    tasks: list[Task]


def install() -> None:
    for action in (run_task, start_task):
        add(EC2ContainerServiceResponse, action.__name__, action)


def run_task(response: Any) -> ActionResult:
    """Launch up to ten tasks. The answer tells them as PROVISIONING, whatever the profile's durations are."""
    ecs = response.ecs_backend
    sent = response._get_params()
    cluster = ecs._get_cluster(sent.get("cluster", "default"))
    check_run(sent)
    if former := _find_former(ecs, cluster, sent):
        return ActionResult({"tasks": [task_answer(t, tags=True) for t in former.tasks], "failures": []})
    definition = find_definition(ecs, sent["taskDefinition"])
    strategy = check_capacity(cluster, definition, sent)
    check_platform(definition, sent.get("platformVersion", "LATEST"))
    check_overrides(definition, sent.get("overrides", {}))
    network = sent.get("networkConfiguration", {})
    check_network(ecs, definition.network_mode or "bridge", network, fargate=True)
    own = override(definition, sent.get("overrides", {}))
    check_exec(own, sent)
    now = current().clock.now()
    for reason in unassumable_roles(own, now) if current().profile.needs else ():
        raise EcsClientException(reason)  # so RunTask tells it, while a service's tasks stop
    tasks: list[Task] = []
    for _ in range(sent.get("count", 1)):
        asked = sent | {"capacityProviderStrategy": strategy}
        tasks.append(launch_one_off(ecs, cluster, own, asked, list(tasks)))
    if sent.get("clientToken"):
        _runs(ecs)[cluster.name, sent["clientToken"]] = Run(now, sent, tasks)
    answers = [task_answer(task, tags=True, status="PROVISIONING") for task in tasks]
    return ActionResult({"tasks": answers, "failures": []})


def _runs(ecs: Any) -> dict[tuple[str, str], Run]:
    """Return the calls of RunTask that had a client token, by cluster and token."""
    runs: dict[tuple[str, str], Run] = ecs.__dict__.setdefault("runs", {})
    return runs


def _find_former(ecs: Any, cluster: Any, sent: dict[str, Any]) -> Run | None:
    """Return the call that had this token and the same parameters; refuse other parameters (API reference)."""
    former = _runs(ecs).get((cluster.name, sent.get("clientToken", "")))
    if former is None or former.at + TOKEN_KEPT <= current().clock.now():
        return None
    if former.sent != sent:
        message = "The provided clientToken is already in use with a different RunTask request."
        conflict = ECSException("ConflictException", message)
        conflict.resourceIds = [task.task_arn for task in former.tasks]
        raise conflict
    return former


def start_task(response: Any) -> ActionResult:
    """Refuse Fargate's definitions, and tell container instances, of which there are none, as MISSING."""
    ecs = response.ecs_backend
    sent = response._get_params()
    cluster = ecs._get_cluster(sent.get("cluster", "default"))
    check_run({key: value for key, value in sent.items() if key != "clientToken"})
    instances = sent.get("containerInstances", [])
    if not instances:
        raise InvalidParameterException("Container instances cannot be empty.")
    if len(instances) > TASKS_LIMIT:
        raise InvalidParameterException(f"containerInstances can have at most {TASKS_LIMIT} items.")
    definition = find_definition(ecs, sent["taskDefinition"])
    if "EC2" not in (definition.requires_compatibilities or ["EC2"]):
        raise InvalidParameterException("Task definition does not support launch_type EC2.")
    check_overrides(definition, sent.get("overrides", {}), sizes=False)
    prefix = cluster.arn.replace(":cluster/", ":container-instance/")
    arns = [f"{prefix}/{name.rpartition('/')[2]}" for name in instances]
    return ActionResult({"tasks": [], "failures": [{"arn": arn, "reason": "MISSING"} for arn in arns]})
