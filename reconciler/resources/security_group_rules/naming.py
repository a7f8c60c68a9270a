"""Find the names in the plan of security groups, which are those of their rules too."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags

GROUP_KIND = "security_group"

Raw = Mapping[str, Any]  # a group in DescribeSecurityGroups' answer


def find_group_names(reads: Reads, groups: Iterable[Raw]) -> dict[str, str]:
    """Return the names in the plan of these groups by id; the id itself for one that is not ours nor desired.

    The name in AWS comes before the tag: it is made of the one in the plan, and cannot change.
    """
    desired = reads.desired.by_kind.get(GROUP_KIND, {})
    # EC2 does not tell names apart by case.
    plan_names = {want.physical_name.lower(): name for name, want in desired.items()}
    return {g["GroupId"]: plan_names.get(g["GroupName"].lower()) or _own_name(reads, g) for g in groups}


def _own_name(reads: Reads, group: Raw) -> str:
    group_tags = tags.parse(group.get("Tags"))
    is_ours = tags.owner_of_nameless(group_tags) == reads.stack.name
    return group_tags[tags.NAME] if is_ours else str(group["GroupId"])
