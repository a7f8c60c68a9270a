"""Security groups, without their rules."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, fingerprint, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.kind import Kind, actions
from reconciler.resources.security_group_rules import (
    ABSENT,
    ANYWHERE,
    Rule,
    SecurityGroupRules,
    groups_named,
)
from reconciler.resources.vpc import ABSENT as NO_VPC
from reconciler.resources.vpc import within_ours

__all__ = ["ANYWHERE", "KIND", "Rule", "SecurityGroup", "SecurityGroupRules", "SecurityGroupWithRules"]

LONGEST_NAME = 255


class SecurityGroup(Spec):
    """A group, without its rules."""

    kind: ClassVar[str] = "security_group"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    description: Annotated[str, IMMUTABLE] = "managed"
    named: Annotated[frozenset[Annotated[Ref, refers_to("security_group")]], UNCOMPARED] = frozenset()
    """Of a stranger, the groups that its rules name. AWS deletes none of these before."""

    @property
    def physical_name(self) -> str:
        """With a hash, as a group that replaces another stands beside it for a time."""
        mark = fingerprint({"name": self.name, **self.immutable})
        return f"{self.name[: LONGEST_NAME - len(mark) - 1]}-{mark}"


class SecurityGroupWithRules(SecurityGroup):
    """What stands in a file: a group and its rules."""

    ingress: frozenset[Rule] = frozenset()
    egress: frozenset[Rule] = frozenset({ANYWHERE})

    def parts(self) -> Iterable[Spec]:
        """The group with its tags, and its rules, which cannot be tagged."""
        both: dict[str, Any] = {"name": self.name, "after": self.after, "service": self.service}
        yield SecurityGroup(**both, tags=self.tags, vpc=self.vpc, description=self.description)
        yield SecurityGroupRules(**both, group=self.ref(), ingress=self.ingress, egress=self.egress)


def read(reads: Reads) -> Iterator[Live[SecurityGroup]]:
    desired = reads.wanted(SecurityGroup)  # EC2 does not tell names apart by case
    wanted = {want.physical_name.lower(): name for name, want in desired.items()}
    for g in within_ours(reads, "describe_security_groups", "SecurityGroups[]"):
        if g["GroupName"] == "default":  # AWS's own, of every VPC
            continue
        owned = tags.parse(g.get("Tags"))
        owner = tags.owner_of_nameless(owned)
        ours = owner == reads.stack.name
        name = owned[tags.NAME] if ours else wanted.get(g["GroupName"].lower(), g["GroupId"])
        peers = frozenset[str]() if ours else groups_named(g) - {g["GroupId"]}
        spec = SecurityGroup(name=name, tags=owned, vpc=g["VpcId"], description=g["Description"], named=peers)
        yield Live(spec, {"id": g["GroupId"]}, owner)


def ensure_security_group(want: SecurityGroup, live: Live[SecurityGroup] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"GroupName": want.physical_name, "Description": want.description, "VpcId": want.vpc}
        params |= tags.on_ec2("security-group", want)
        yield Call("ec2", "create_security_group", params, {"id": "GroupId"}, retry=NO_VPC, patience=300)


def remove(live: Live[SecurityGroup]) -> Iterator[Step]:
    # The network interface of a task or a load balancer outlives it by minutes.
    own_id, busy = live.outputs["id"], ("DependencyViolation", "InvalidGroup.InUse")
    by = (*in_use.rules_naming(own_id), in_use.interfaces("group-id", own_id))
    params = {"GroupId": own_id}
    yield Call("ec2", "delete_security_group", params, ignore=ABSENT, retry=busy, patience=900, blockers=by)


KIND = Kind(
    SecurityGroup,
    read,
    ensure_security_group,
    remove,
    tagging=tags.EC2,
    actions=actions(
        "ec2",
        "CreateSecurityGroup CreateTags DeleteSecurityGroup DescribeNetworkInterfaces "
        "DescribeSecurityGroups DescribeSubnets DescribeVpcs",
    ),
)
