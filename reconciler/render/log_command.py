"""The AWS CLI command that shows the logs of a service's tasks."""

from reconciler.model.plan import Change, Plan
from reconciler.resources.ecs_service.spec import EcsService
from reconciler.resources.task_definition import TaskDefinition


def log_command(plan: Plan, change: Change) -> str:
    """Return the command for the last ten minutes of the service's own container.

    Empty if the change is not about an ECS service, or if its containers have no log group.
    """
    if not isinstance(change.want, EcsService):
        return ""
    definition = plan.desired.get(change.want.task_definition.address)
    containers = definition.containers.values() if isinstance(definition, TaskDefinition) else ()
    for container in containers:  # the service's own comes first
        if container.log_group:
            region = f" --region {container.log_region}" if container.log_region else ""
            return f"aws logs tail {container.log_group.name} --since 10m{region}"
    return ""
