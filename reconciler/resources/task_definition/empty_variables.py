"""Variables with an empty value, of which nobody knows whether ECS keeps them."""

from collections.abc import Iterator

from reconciler.model.spec import Live
from reconciler.resources.task_definition.spec import TaskDefinition


def warn(want: TaskDefinition, live: Live[TaskDefinition] | None) -> Iterator[str]:
    """Yield the variables that ECS does not show, and for which alone no revision is registered."""
    for name, container in want.containers.items():
        shown = live.spec.containers[name].environment if live and name in live.spec.containers else None
        if shown is None or "" in shown.values():
            continue
        lacking = sorted(k for k, value in container.environment.items() if not value and k not in shown)
        if lacking and all(shown.get(k, "") == value for k, value in container.environment.items()):
            yield (
                f"{', '.join(lacking)} in {name} has no value, and AWS shows no such variable: ECS may drop empty "
                "ones, so that this alone deploys nothing"
            )
