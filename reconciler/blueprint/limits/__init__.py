"""Limits of AWS on what the file becomes: no request raises them, so that a file beyond one is a mistake.

The file is turned into specs for this, with a stand-in for the account, before AWS is asked anything.
"""

from collections.abc import Iterator

from desired_state.mistakes import LoadError
from desired_state.platform import Platform
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.limits import dashboard, role, task_definition
from reconciler.blueprint.limits.excess import Excess
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.iam_role import IamRole
from reconciler.resources.task_definition import TaskDefinition

NO_ACCOUNT = "0" * 12  # as long as any


def require_within_limits(platform: Platform, partition: str) -> None:
    """Raise `LoadError` with each limit that the platform exceeds, and the size of each part."""
    if found := [*_find_excesses(platform, partition)]:
        raise LoadError(platform.mistake(excess.where, excess.message) for excess in found)


def _find_excesses(platform: Platform, partition: str) -> Iterator[Excess]:
    region = str(platform.region)
    zones = tuple(f"{region}{number}" for number in range(platform.network.zone_count))
    facts = Facts(NO_ACCOUNT, partition, region, zones)
    for spec in blueprint(platform, facts):
        match spec:
            case TaskDefinition():
                yield from task_definition.find_excess(spec, facts)
            case IamRole():
                yield from role.find_excess(spec, platform)
            case Dashboard():
                yield from dashboard.find_excess(spec, platform)
