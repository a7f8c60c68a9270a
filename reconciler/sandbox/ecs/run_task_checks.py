"""Check the parameters of RunTask, and refuse them with ECS's messages."""

import json
import re
from typing import Any

from moto.ecs.exceptions import EcsClientException, ECSException, InvalidParameterException
from moto.ecs.exceptions import TaskDefinitionNotFoundException as NotFound

from reconciler.sandbox.ecs.checks import OLD_PLATFORMS, on_fargate
from reconciler.sandbox.ecs.fargate_checks import FARGATE_SIZES
from reconciler.sandbox.ecs.not_played import not_played
from reconciler.sandbox.ecs.strategy_checks import check_strategy, check_weights
from reconciler.sandbox.ecs.tag_checks import check_tags

# ECS API reference, RunTask.
TASKS_LIMIT = 10
STARTED_BY = re.compile(r"[A-Za-z0-9_/\-:.]{0,128}")  # with a colon too (boto3#877); the stop is an assumption
TOKEN = re.compile(r"[!-~]{0,64}")
OVERRIDES_LIMIT = 8192  # characters of JSON
PLATFORMS = ("LATEST", "1.4.0", *OLD_PLATFORMS)


def find_definition(ecs: Any, name: str) -> Any:
    """Return the ACTIVE revision of this name; refuse others (Cloud-CV/EvalAI#2419, DefangLabs/defang#775)."""
    try:
        definition = ecs.describe_task_definition(name)
    except NotFound as absent:
        raise EcsClientException("TaskDefinition not found.") from absent
    if definition.status != "ACTIVE":
        raise InvalidParameterException("TaskDefinition is inactive")
    return definition


def check_run(sent: dict[str, Any]) -> None:
    """Refuse values that are wrong whatever the cluster and the task definition are."""
    if not 1 <= sent.get("count", 1) <= TASKS_LIMIT:
        raise InvalidParameterException(f"count should be between 1 and {TASKS_LIMIT}.")
    if not STARTED_BY.fullmatch(sent.get("startedBy", "")):
        raise InvalidParameterException(
            "startedBy must be up to 128 letters, numbers, hyphens and underscores."
        )
    if not TOKEN.fullmatch(sent.get("clientToken", "")):
        raise InvalidParameterException("clientToken must be up to 64 characters of the range 33 to 126.")
    if sent.get("group", "").startswith("service:"):
        raise InvalidParameterException("The group of a task cannot begin with 'service:'.")
    if sent.get("propagateTags", "NONE") not in ("NONE", "TASK_DEFINITION"):
        raise InvalidParameterException("propagateTags should be one of [NONE,TASK_DEFINITION]")
    if sent.get("volumeConfigurations"):
        raise not_played("volumes of tasks")
    check_tags(sent.get("tags", []))


def check_capacity(cluster: Any, definition: Any, sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the strategy, the cluster's own without one and without launch type; refuse all but Fargate."""
    launch_type, strategy = sent.get("launchType"), sent.get("capacityProviderStrategy") or []
    if launch_type and strategy:
        raise InvalidParameterException(
            "Specifying both a launch type and capacity provider strategy is not supported."
        )
    check_strategy(cluster.capacity_providers or [], strategy)
    check_weights(strategy)
    if not launch_type:
        strategy = strategy or cluster.default_capacity_provider_strategy or []
    if not on_fargate({"launchType": launch_type, "capacityProviderStrategy": strategy}):
        raise InvalidParameterException("No Container Instances were found in your cluster.")
    if "FARGATE" not in definition.compatibilities:
        raise InvalidParameterException("Task definition does not support launch_type FARGATE.")
    for name in ("placementConstraints", "placementStrategy"):
        if sent.get(name):
            words = {"placementConstraints": "constraints", "placementStrategy": "strategies"}[name]
            raise InvalidParameterException(f"Placement {words} are not supported with FARGATE launch type.")
    return strategy


def check_platform(definition: Any, version: str) -> None:
    """Refuse a platform version that does not exist, or that lacks what the definition needs."""
    if version not in PLATFORMS:
        raise ECSException("PlatformUnknownException", "The specified platform does not exist.")
    architecture = (getattr(definition, "runtime_platform", None) or {}).get("cpuArchitecture")
    needs_newer = getattr(definition, "ephemeral_storage", None) or architecture == "ARM64"
    if version in OLD_PLATFORMS and needs_newer:
        message = (
            "The specified platform version does not satisfy the required capabilities of the task definition."
        )
        raise ECSException("PlatformTaskDefinitionIncompatibilityException", message)


def check_overrides(definition: Any, overrides: dict[str, Any], *, sizes: bool = True) -> None:
    """Refuse overrides of containers that the definition lacks, too long ones, and sizes that Fargate lacks."""
    if len(json.dumps(overrides, separators=(",", ":"))) > OVERRIDES_LIMIT:
        raise InvalidParameterException(f"Container Overrides length must be at most {OVERRIDES_LIMIT}")
    names = [container["name"] for container in definition.container_definitions]
    for each in overrides.get("containerOverrides", []):
        if each and each.get("name") not in names:  # azavea/django-ecsmanage#21
            raise InvalidParameterException(
                f"Override for container named {each.get('name')} is not a container in the TaskDefinition."
            )
    if not sizes:
        return
    cpu, memory = (str(overrides.get(n) or getattr(definition, n)) for n in ("cpu", "memory"))
    if not cpu.isdecimal() or not memory.isdecimal():
        raise InvalidParameterException("Invalid 'cpu' or 'memory' setting for task.")
    first, last, step = FARGATE_SIZES.get(int(cpu), (1, 0, 1))
    if not first <= int(memory) <= last or (int(memory) - first) % step:
        raise EcsClientException("No Fargate configuration exists for given values.")


def check_exec(definition: Any, sent: dict[str, Any]) -> None:
    """Refuse the execute command agent for a task without a task role (boto3#3173)."""
    if sent.get("enableExecuteCommand") and not getattr(definition, "task_role_arn", None):
        raise InvalidParameterException(
            "The execute command failed because a valid task role is not being used. Specify a valid task role in your "
            "task definition or as a task override and try again."
        )
    if sent.get("enableExecuteCommand") and sent.get("platformVersion") in OLD_PLATFORMS:
        raise InvalidParameterException(
            "The execute command is not supported by platform versions before 1.4.0."
        )
