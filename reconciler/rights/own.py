"""The drift-correction job may not write what it runs by: what it may do would else be up to itself."""

from collections.abc import Iterable, Iterator, Mapping

from reconciler.model.spec import Spec
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place

WRITES: Mapping[str, str] = {  # IAM's prefix of a service -> the writes that the engine could ask it for
    "ecr": "Create* Delete* Put* Set* Tag* Untag*",
    "ecs": "DeleteTaskDefinitions RegisterTaskDefinition TagResource UntagResource",
    "iam": "Attach* Create* Delete* Detach* Put* Tag* Untag* Update*",
    "logs": "Associate* Create* Delete* Disassociate* Put* Tag* Untag*",
    "scheduler": "Create* Delete* Tag* Untag* Update*",
    "sqs": "AddPermission CreateQueue DeleteQueue PurgeQueue RemovePermission Set* Tag* Untag*",
}
RESOURCES: Mapping[str, str] = {  # kind -> the service and the ends of ARNs; NAME is the resource's name in AWS
    "ecr_repository": "ecr repository/NAME",
    "iam_role": "iam role/NAME",
    "log_group": "logs log-group:NAME*",  # with `:*` or without; denied are longer names, too
    "schedule": "scheduler schedule/NAME/*",  # its group's name is its own
    "schedule_group": "scheduler schedule-group/NAME",
    "sqs_queue": "sqs NAME",
    "task_definition": "ecs task-definition/NAME:*",
}


def own_grants(place: Place, specs: Iterable[Spec]) -> Iterator[Grant]:
    """Yield the denials of writes to what of the file the job runs by."""
    own: dict[str, set[str]] = {}
    for spec in specs:
        if spec.of_the_job and spec.kind in RESOURCES:
            service, *ends = RESOURCES[spec.kind].split()
            own.setdefault(service, set()).update(end.replace("NAME", spec.physical_name) for end in ends)
    for service, all_ends in own.items():
        actions = [f"{service}:{name}" for name in WRITES[service].split()]
        arns = [place.arn(service, end) for end in all_ends]
        yield grant(place, f"NotTheJobsOwn{service.title()}", actions, arns, effect="Deny")
