"""Find roles and log groups that were deleted under running tasks, and may have been re-created since.

A re-created role has the name and the ARN of the old one, but another identity: the credentials that tasks have
of the old one are refused. A re-created log group lacks the streams that running tasks write to.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from reconciler.aws.candidates import find_only
from reconciler.aws.reads import Reads
from reconciler.resources import iam_role, log_group
from reconciler.resources.iam_role import IamRole
from reconciler.resources.log_group import LogGroup
from reconciler.resources.running_services import find_primary_deployment
from reconciler.resources.task_families import find_families, parse_revision

Raw = Mapping[str, Any]
CreationTimes = Mapping[str, datetime]  # by name

# An assumption, which no AWS document gives: the clocks of AWS's services differ by no more than this.
CLOCK_DIFFERENCE = timedelta(seconds=60)


def find_lost_by_tasks(reads: Reads, services: Iterable[Raw]) -> dict[str, frozenset[str]]:
    """Return, by service ARN, the roles and log groups that its tasks were started with and can no longer use.

    Only desired roles and log groups are checked, as no others are re-created. Without any, AWS is not asked.
    """
    roles, groups = reads.desired.of(IamRole), reads.desired.of(LogGroup)
    if not (roles or groups):
        return {}
    used = sorted({parse_revision(s["taskDefinition"])[0] for s in services if "taskDefinition" in s})
    families = find_families(reads, used if find_only(reads, "ecs_service") else None)
    revisions = {family.raw["taskDefinitionArn"]: family.raw for family in families}
    role_times = iam_role.read_creation_times(reads) if roles else {}
    group_times = log_group.read_creation_times(reads) if groups else {}
    found = {}
    for service in services:
        deployment, revision = find_primary_deployment(service), revisions.get(service.get("taskDefinition"))
        if deployment is None or revision is None:
            continue
        since = deployment["createdAt"] + CLOCK_DIFFERENCE
        used_roles = [name for name in _list_roles(revision) if name in roles]
        used_groups = [name for name in _list_log_groups(revision) if name in groups]
        found[service["serviceArn"]] = frozenset(
            (
                *(f"iam_role {name}" for name in _select_lost(used_roles, role_times, since)),
                *(f"log_group {name}" for name in _select_lost(used_groups, group_times, since)),
            )
        )
    return found


def _select_lost(names: Iterable[str], times: CreationTimes, since: datetime) -> Iterator[str]:
    """Yield the names of resources that do not exist, or were created after that time."""
    return (name for name in names if name not in times or times[name] > since)


def _list_roles(revision: Raw) -> Iterator[str]:
    """Yield the task role's name. ECS needs the execution role only while a task starts."""
    if arn := revision.get("taskRoleArn"):
        yield arn.rpartition("/")[2]


def _list_log_groups(revision: Raw) -> Iterator[str]:
    """Yield the log group of each container that has one."""
    for container in revision.get("containerDefinitions", ()):
        logs = container.get("logConfiguration") or {}
        if group := (logs.get("options") or {}).get("awslogs-group"):
            yield group
