"""What an update of a service means for its running tasks: ECS changes some settings for new ones only."""

from collections.abc import Iterator

from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.resources.ecs_service.calls import differs
from reconciler.resources.ecs_service.parameters import (
    DEPLOYED_FIELDS,
    NEW_DEPLOYMENT_FIELDS,
    TASK_START_FIELDS,
)
from reconciler.resources.ecs_service.spec import EcsService

OTHER_FIELDS = (*DEPLOYED_FIELDS, *(f for f in NEW_DEPLOYMENT_FIELDS if f not in TASK_START_FIELDS))


def warn(want: EcsService, live: Live[EcsService] | None) -> Iterator[str]:
    """Yield what a person should know of the tasks: that none can start, or whether they are renewed."""
    if live:
        yield from _missing_images(live.spec)
        if not differs(want, live.spec, *OTHER_FIELDS):
            yield from _renewal(want, live)


def _missing_images(live: EcsService) -> Iterator[str]:
    for image in sorted(live.missing_images):
        yield f"{image} is not in the registry any more: its tasks run on, but no new one can start; push it again"


def _renewal(want: EcsService, live: Live[EcsService]) -> Iterator[str]:
    """Yield that tasks are renewed or that they are not, where a person would not expect it.

    Tags alone restart nothing, as in CloudFormation, and the engine's own tags are not worth a word.
    """
    renewed = [field for field in TASK_START_FIELDS if differs(want, live.spec, field)]
    lacking = sorted(key for key in tags.missing(want, live.spec) if not tags.is_own(key))
    if renewed:
        yield f"its tasks are renewed: those that run now cannot get another {' or '.join(renewed)}"
    elif lacking and want.propagate_tags == "SERVICE":
        region = live.outputs["arn"].split(":")[3]
        yield (
            f"the tasks that run now keep the tags that they started with (changed: {', '.join(lacking)}); to renew "
            f"them: aws ecs update-service --cluster {want.cluster.name} --service {want.name} --force-new-deployment "
            f"--region {region}"
        )
