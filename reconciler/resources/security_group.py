"""Security groups, without their rules."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.references import Ref, fingerprint, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import blocker_queries, elb
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, actions
from reconciler.resources.network_interfaces import GONE_WITHIN, find_in_groups
from reconciler.resources.security_group_rules import ALL_TRAFFIC, NOT_FOUND, Rule, SecurityGroupRules
from reconciler.resources.security_group_rules.naming import find_group_names
from reconciler.resources.security_group_rules.permissions import find_named_groups
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import list_in_our_vpcs, list_tagged

__all__ = [
    "ALL_TRAFFIC",
    "KIND",
    "Rule",
    "SecurityGroup",
    "SecurityGroupRules",
    "SecurityGroupWithRules",
    "ensure_security_group",
    "from_aws",
]

GROUPS = ("describe_security_groups", "SecurityGroups[]")
NAME_LENGTH = 255  # characters that EC2 allows


class SecurityGroup(Spec):
    """A security group, without its rules."""

    kind: ClassVar[str] = "security_group"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    description: Annotated[str, IMMUTABLE] = "managed"
    named_groups: Annotated[frozenset[Annotated[Ref, refers_to("security_group")]], UNCOMPARED] = frozenset()
    """The groups that its rules name, if it is not ours. AWS deletes none of these before it."""

    @property
    def physical_name(self) -> str:
        """Its name in AWS. It contains a hash, so that a group and its replacement can coexist."""
        suffix = fingerprint({"name": self.name, **self.immutable})
        return f"{self.name[: NAME_LENGTH - len(suffix) - 1]}-{suffix}"


class SecurityGroupWithRules(SecurityGroup):
    """A group with its rules, which are two resources in the plan."""

    ingress: frozenset[Rule] = frozenset()
    egress: frozenset[Rule] = frozenset({ALL_TRAFFIC})

    def parts(self) -> Iterable[Spec]:
        """Yield the group with its tags, and its rules, which cannot be tagged."""
        shared: dict[str, Any] = {"name": self.name, "after": self.after, "service": self.service}
        yield SecurityGroup(**shared, tags=self.tags, vpc=self.vpc, description=self.description)
        yield SecurityGroupRules(**shared, group=self.ref(), ingress=self.ingress, egress=self.egress)


def read(reads: Reads) -> Iterator[Live[SecurityGroup]]:
    groups = list_in_our_vpcs(reads, *GROUPS)
    names = find_group_names(reads, groups)
    owners = {g["GroupId"]: tags.owner_of_nameless(tags.parse(g.get("Tags"))) for g in groups}
    blockers = find_in_groups(reads, [i for i, owner in owners.items() if owner == reads.stack.name])
    for group in groups:
        if group["GroupName"] == "default":  # AWS's own, of every VPC
            continue
        own_id, owner = group["GroupId"], owners[group["GroupId"]]
        spec = from_aws(names[own_id], group, is_ours=owner == reads.stack.name)
        yield Live(spec, {"id": own_id}, owner, tuple(blockers.get(own_id, ())))


def from_aws(name: str, group: Mapping[str, Any], *, is_ours: bool) -> SecurityGroup:
    """Return the spec of a group of DescribeSecurityGroups, with this name in the plan."""
    return SecurityGroup(
        name=name,
        tags=tags.parse(group.get("Tags")),
        vpc=group["VpcId"],
        description=group["Description"],
        named_groups=frozenset() if is_ours else find_named_groups(group) - {group["GroupId"]},
    )


def ensure_security_group(want: SecurityGroup, live: Live[SecurityGroup] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"GroupName": want.physical_name, "Description": want.description, "VpcId": want.vpc}
        params |= tags.on_ec2("security-group", want)
        outputs, not_yet = {"id": "GroupId"}, if_new(VPC_NOT_FOUND, want.vpc)
        yield Call("ec2", "create_security_group", params, outputs, retry=not_yet, patience=300)


def remove(live: Live[SecurityGroup]) -> Iterator[Step]:
    own_id, in_use = live.outputs["id"], ("DependencyViolation", "InvalidGroup.InUse")
    yield Call(
        "ec2",
        "delete_security_group",
        {"GroupId": own_id},
        ignore=NOT_FOUND,
        retry=in_use,
        patience=GONE_WITHIN,
        blockers=(
            *blocker_queries.rules_naming_group(own_id),
            blocker_queries.interfaces("group-id", own_id),
        ),
    )


KIND = Kind(
    SecurityGroup,
    read,
    ensure_security_group,
    remove,
    tagging=tags.EC2,
    indexed_as="ec2:security-group/",
    early={"ec2": lambda reads: list_tagged(reads, *GROUPS)},
    touched_by=touched_in_ec2("groupId", made_by="CreateSecurityGroup", deleted_by="DeleteSecurityGroup"),
    actions=actions(
        "ec2",
        "CreateSecurityGroup CreateTags DeleteSecurityGroup DescribeNetworkInterfaces "
        "DescribeSecurityGroups DescribeSubnets DescribeVpcEndpoints DescribeVpcs",
    )
    | elb.READS,
)
