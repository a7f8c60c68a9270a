"""What a task cannot reach when it starts, in the order in which ECS would meet it.

The reasons are AWS's (ECS developer guide, stopped tasks error messages).
"""

from collections.abc import Iterator
from typing import Any

from reconciler.sandbox.ecr.images import ECR_REFERENCE
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.reach import has_way

_UNREADABLE = "ResourceInitializationError: unable to pull secrets or registry auth: "
_CHECK = "Check your task network configuration."


def blocked_ways(task: Task) -> Iterator[str]:
    """Yield why the task cannot get its registry's token, its secrets, its log group or its images."""
    containers = task.definition.container_definitions
    images = [ECR_REFERENCE.match(container["image"]) for container in containers]
    if any(image and not has_way(task, "ecr.api", image["region"]) for image in images):
        yield (
            f"{_UNREADABLE}The task cannot pull registry auth from Amazon ECR: There is a connection issue between "
            f"the task and Amazon ECR. {_CHECK}"
        )
    for container in containers:
        yield from _unreachable_secrets(task, container)
    if any(container.get("environmentFiles") for container in containers) and not has_way(task, "s3"):
        yield (  # aws/aws-cli#6470
            "ResourceInitializationError: failed to download env files: file download command: non empty error "
            "stream: RequestCanceled: request context canceled caused by: context deadline exceeded"
        )
    for container in containers:
        yield from _unreachable_logs(task, container)
    for container in containers:
        yield from _unreachable_image(task, container)


def _unreachable_secrets(task: Task, container: dict[str, Any]) -> Iterator[str]:
    for secret in container.get("secrets", []):
        stored = ":secretsmanager:" in secret["valueFrom"]
        name = "AWS Secrets Manager" if stored else "AWS Systems Manager"
        if not has_way(task, "secretsmanager" if stored else "ssm"):
            yield (
                f"{_UNREADABLE}The task cannot pull secrets from {name}. There is a connection issue between the "
                f"task and {name}. {_CHECK}"
            )


def _unreachable_logs(task: Task, container: dict[str, Any]) -> Iterator[str]:
    logging = container.get("logConfiguration", {})
    region = logging.get("options", {}).get("awslogs-region", "")
    if logging.get("logDriver") == "awslogs" and not has_way(task, "logs", region):
        yield (
            "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon "
            "CloudWatch log group defined in the task definition. There is a connection issue between the task and "
            "Amazon CloudWatch. Check your network configuration. : signal: killed"
        )


def _unreachable_image(task: Task, container: dict[str, Any]) -> Iterator[str]:
    """Yield the error for an image whose registry, or for ECR the bucket with its layers, is out of reach."""
    image = container["image"]
    match = ECR_REFERENCE.match(image)
    if not has_way(task, "ecr.dkr", match["region"]) if match else not has_way(task):
        yield (
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
            f"{image}: failed to do request: Head: dial tcp: i/o timeout"
        )
    elif match and not has_way(task, "s3", match["region"]):
        yield (
            "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed "
            f"open: failed to do request: Get the layers of {image} from Amazon S3: dial tcp: i/o timeout"
        )
