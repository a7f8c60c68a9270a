"""The attributes that a task definition asks of the instance or platform that runs its tasks."""

from typing import Any

ECS = "com.amazonaws.ecs.capability."
OF_MODE = "ecs.capability."
API = f"{ECS}docker-remote-api."


def required_attributes(definition: dict[str, Any]) -> list[dict[str, str]]:
    """Return `requiresAttributes`, which ECS derives from what a definition uses.

    Those of containers, roles, logs, secrets and networks are told (ECS developer guide, "container instance
    attributes"); those of rarer parameters are not.
    """
    containers = definition["containerDefinitions"]
    names = [f"{API}1.18"]
    names += [name for container in containers for name in _of_container(container)]
    if definition.get("networkMode") == "awsvpc":
        names.append(f"{OF_MODE}task-eni")
    if "taskRoleArn" in definition:
        names.append(f"{ECS}task-iam-role")
    if "executionRoleArn" in definition:
        names += [name for container in containers for name in _of_execution_role(container)]
    return [{"name": name} for name in dict.fromkeys(names)]


def _of_container(container: dict[str, Any]) -> list[str]:
    names = []
    if ".dkr.ecr." in container["image"]:
        names += [f"{ECS}ecr-auth", f"{API}1.19"]
    if "logConfiguration" in container:
        names += [f"{ECS}logging-driver.{container['logConfiguration']['logDriver']}", f"{API}1.19"]
    if "healthCheck" in container:
        names += [f"{OF_MODE}container-health-check", f"{API}1.24"]
    if container.get("dependsOn"):
        names.append(f"{OF_MODE}container-ordering")
    for secret in container.get("secrets", []):
        store = "asm" if ":secretsmanager:" in secret["valueFrom"] else "ssm"
        names.append(f"{OF_MODE}secrets.{store}.environment-variables")
    return names


def _of_execution_role(container: dict[str, Any]) -> list[str]:
    names = []
    if ".dkr.ecr." in container["image"]:
        names.append(f"{OF_MODE}execution-role-ecr-pull")
    if container.get("logConfiguration", {}).get("logDriver") == "awslogs":
        names.append(f"{OF_MODE}execution-role-awslogs")
    return names
