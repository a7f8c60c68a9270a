"""Find the names in the plan of resources that have no names in AWS. A person may have changed their tags."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags


def plan_name(
    own: str | None, desired_here: str | None, desired: Collection[str], present: Counter[str]
) -> str | None:
    """Return the name in the plan of what has no name in AWS, such as a listener at its port; None if foreign.

    `own` is the name in its tags, if it is ours. `desired_here` is the name of the resource that is desired
    in its place. `desired` has all desired names, and `present` counts the names of ours. If one of ours is not
    desired, or if another one has its name too, it becomes the resource that is desired in its place, unless
    there is one: AWS would refuse a second one there, or return the first.
    """
    is_wrong = own not in desired or present[own or ""] > 1
    if desired_here and (not own or (is_wrong and not present[desired_here])):
        return desired_here
    return own or None


def read_ec2_names(
    reads: Reads, kind: str, id_field: str, resources: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the names in the plan of those EC2 resources of a kind that are ours, by id.

    A wrong name tag is told by the display name `Name`, which is set with it.
    """
    all_tags = {r[id_field]: tags.parse(r.get("Tags")) for r in resources}
    ours = {i: t for i, t in all_tags.items() if tags.owner_of_nameless(t) == reads.stack.name}
    desired, present = reads.desired.by_kind.get(kind, {}), Counter(t[tags.NAME] for t in ours.values())
    displayed = {i: t["Name"] if t.get("Name") in desired else None for i, t in ours.items()}
    names = {i: plan_name(t[tags.NAME], displayed[i], desired, present) for i, t in ours.items()}
    return {own_id: name for own_id, name in names.items() if name}
