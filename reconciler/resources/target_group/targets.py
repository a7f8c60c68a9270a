"""Targets that others have registered in a group of ours: they get requests that are meant for our tasks."""

from collections.abc import Iterator
from functools import partial

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.resources.network_interfaces import find_task_addresses
from reconciler.resources.target_group.spec import TargetGroup

NOT_FOUND = ("TargetGroupNotFound",)
STAYING = "TargetHealthDescriptions[?TargetHealth.State!='draining'].Target"


def find_foreign_targets(reads: Reads, groups: list[str]) -> dict[str, frozenset[str]]:
    """Return the targets of each group that have no address of a task with our security groups, by its ARN.

    AWS is asked only for a drift report.
    """
    if not (reads.seeks_foreign and groups):
        return {}
    has_our_tag = tags.filters(reads.stack.name)
    groups_of_tasks = reads.pages(
        "ec2", "describe_security_groups", "SecurityGroups[].GroupId", Filters=has_our_tag
    )
    tasks = reads.meanwhile(find_task_addresses, reads, groups_of_tasks)
    targets = reads.map(partial(_list_targets, reads), groups)
    ours = tasks()
    return {
        group: frozenset(target for target in listed if target.rpartition(":")[0] not in ours)
        for group, listed in zip(groups, targets, strict=True)
    }


def _list_targets(reads: Reads, group: str) -> list[str]:
    """Return the targets of a group as `address:port`."""
    found = reads.ask("elbv2", "describe_target_health", STAYING, NOT_FOUND, TargetGroupArn=group)
    return [f"{target['Id']}:{target.get('Port', '')}" for target in found or ()]


def describe_foreign_targets(live: TargetGroup, _want: TargetGroup) -> Iterator[str]:
    """Yield what a drift report says of each."""
    for target in sorted(live.foreign_targets):
        yield f"target {target}, which is no task of this stack"
