"""The rules of security groups. A kind of their own, so that two groups may name each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, model_validator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, Live, Part, Spec
from reconciler.model.steps import Call, ErrorMatch, ErrorMatches, Step
from reconciler.resources.kind import Kind, actions
from reconciler.resources.vpc import Cidr, within_ours

ABSENT = ("InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound", "InvalidGroupId.NotFound")
PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}  # how EC2 gives them back
ALL = ("-1", "all")

Protocol = Annotated[str, BeforeValidator(lambda v: PROTOCOLS.get(str(v), str(v)))]
GroupRef = Annotated[Ref, refers_to("security_group")]


class Rule(Part):
    """Traffic that is let through, from or to one peer: a range, a prefix list or a group."""

    protocol: Protocol = "tcp"
    from_port: int | None = None
    to_port: int | None = None
    cidr: Cidr | None = None
    prefix_list: str | None = None
    group: GroupRef | None = None
    account: str | None = None
    """Of a group across a peering, the account that it belongs to; else None."""
    description: Annotated[str | None, DECLARED] = None
    """No part of what makes a rule; None: not ours to manage."""

    @model_validator(mode="before")
    @classmethod
    def _all_has_no_ports(cls, given: Any) -> Any:
        """EC2 keeps none for it, and tells none."""
        if not isinstance(given, Mapping) or str(given.get("protocol")) not in ALL:
            return given
        return {k: v for k, v in given.items() if k not in ("from_port", "to_port")}

    def __str__(self) -> str:
        """`tcp 8080 alb-dev`, `tcp 0-65535 ecs-tasks-dev`, `all 0.0.0.0/0`: what, and which peer."""
        ports = sorted({p for p in (self.from_port, self.to_port) if p is not None})
        peer = self.cidr or self.prefix_list or (self.group.name if self.group else "")
        words = ("all" if self.protocol == "-1" else self.protocol, "-".join(map(str, ports)), peer)
        return " ".join(filter(None, (*words, self.description and f"({self.description})")))

    @property
    def bare(self) -> "Rule":
        """What makes the rule, without what it is said to be for."""
        return self.model_copy(update={"description": None})


ANYWHERE = Rule(protocol="-1", cidr="0.0.0.0/0")
WAYS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


class SecurityGroupRules(Spec):
    """All rules of one group. A rule that is not listed is revoked."""

    kind: ClassVar[str] = "security_group_rules"
    group: Annotated[Ref, refers_to("security_group"), IMMUTABLE]
    ingress: Annotated[frozenset[Rule], DECLARED] = frozenset()
    egress: Annotated[frozenset[Rule], DECLARED] = frozenset({ANYWHERE})


def read(reads: Reads) -> Iterator[Live[SecurityGroupRules]]:
    for group in within_ours(reads, "describe_security_groups", "SecurityGroups[]"):
        owned = tags.parse(group.get("Tags"))
        if tags.owner_of_nameless(owned) == reads.stack.name:
            yield Live(from_aws(group, owned[tags.NAME]), {"id": f"{group['GroupId']}/rules"}, reads.stack.name)


def from_aws(group: Mapping[str, Any], name: str) -> SecurityGroupRules:
    """Return the rules of a group as DescribeSecurityGroups tells it. `name`: the group's in the plan."""
    found = {field: rules(group[way], group.get("OwnerId")) for field, way in WAYS.items()}
    return SecurityGroupRules(name=name, group=group["GroupId"], **found)


def rules(permissions: Iterable[dict[str, Any]], account: str | None) -> frozenset[Rule]:
    """One peer to a rule; EC2 gathers the peers of a port range. `account`: the group's own."""
    return frozenset(
        Rule(**_traffic(p), **peer, description=description)
        for p in permissions
        for peer, description in _peers(p, account)
    )


def groups_named(group: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the groups that the rules of one name, as DescribeSecurityGroups tells it."""
    permissions = (p for way in WAYS.values() for p in group.get(way, ()))
    return frozenset(pair["GroupId"] for p in permissions for pair in p.get("UserIdGroupPairs", ()))


def _traffic(p: dict[str, Any]) -> dict[str, Any]:
    return {"protocol": p["IpProtocol"], "from_port": p.get("FromPort"), "to_port": p.get("ToPort")}


def _peers(p: dict[str, Any], account: str | None) -> Iterator[tuple[dict[str, Any], str | None]]:
    for r in p.get("IpRanges", ()):
        yield {"cidr": r["CidrIp"]}, r.get("Description")
    for r in p.get("Ipv6Ranges", ()):
        yield {"cidr": r["CidrIpv6"]}, r.get("Description")
    for r in p.get("PrefixListIds", ()):
        yield {"prefix_list": r["PrefixListId"]}, r.get("Description")
    for r in p.get("UserIdGroupPairs", ()):
        other = r.get("UserId", account)
        yield {"group": r["GroupId"], "account": None if other == account else other}, r.get("Description")


def ensure_security_group_rules(
    want: SecurityGroupRules, live: Live[SecurityGroupRules] | None
) -> Iterator[Step]:
    # EC2 gives a new group egress to anywhere, perhaps only after it has answered.
    not_seen = () if live else ("InvalidPermission.NotFound",)
    egress = live.spec.egress if live else frozenset({ANYWHERE})
    yield from _put_right("ingress", want.group, want.ingress, live.spec.ingress if live else frozenset())
    yield from _put_right("egress", want.group, want.egress, egress, not_seen)


def _put_right(
    way: str, group: Ref, want: frozenset[Rule], have: frozenset[Rule], not_seen: tuple[str, ...] = ()
) -> Iterator[Step]:
    there, meant = {r.bare for r in have}, {r.bare for r in want}
    missing = {r for r in want if r.bare not in there}
    for rule in sorted(missing, key=repr):
        yield _call(f"authorize_security_group_{way}", group, rule, ("InvalidPermission.Duplicate",), ABSENT)
    for rule in sorted((r for r in want - have - missing if r.description is not None), key=repr):
        yield _call(f"update_security_group_rule_descriptions_{way}", group, rule)
    for rule in sorted((r for r in have if r.bare not in meant), key=repr):
        yield _revoke(way, group, rule, not_seen)


def remove(live: Live[SecurityGroupRules]) -> Iterator[Step]:
    for way in ("ingress", "egress"):
        for rule in sorted(getattr(live.spec, way), key=repr):
            yield _revoke(way, live.spec.group, rule)


def _revoke(way: str, group: Ref, rule: Rule, not_seen: tuple[str, ...] = ()) -> Call:
    # The ::/0 that AWS made itself may be refused with the last (terraform-provider-aws, security_group.go).
    gone = ("InvalidPermission.NotFound", *ABSENT, ErrorMatch("InvalidParameterValue", "remote-ipv6-range"))
    ignore = tuple(code for code in gone if code not in not_seen)
    return _call(f"revoke_security_group_{way}", group, rule.bare, ignore, not_seen)


def _call(
    operation: str,
    group: Ref,
    rule: Rule,
    ignore: ErrorMatches = (),
    retry: ErrorMatches = (),
) -> Call:
    # One rule a call: EC2 refuses a request as a whole where one rule of it is there, or not there, already.
    params = {"GroupId": group, "IpPermissions": [_permission(rule)]}
    return Call("ec2", operation, params, ignore=ignore, retry=retry, patience=300)


def _permission(r: Rule) -> dict[str, Any]:
    ports = {} if r.from_port is None else {"FromPort": r.from_port, "ToPort": r.to_port}
    about = {} if r.description is None else {"Description": r.description}
    if r.group:
        whose = {} if r.account is None else {"UserId": r.account}
        peers = {"UserIdGroupPairs": [{"GroupId": r.group, **whose, **about}]}
    elif r.prefix_list:
        peers = {"PrefixListIds": [{"PrefixListId": r.prefix_list, **about}]}
    elif ":" in (r.cidr or ""):
        peers = {"Ipv6Ranges": [{"CidrIpv6": r.cidr, **about}]}
    else:
        peers = {"IpRanges": [{"CidrIp": r.cidr, **about}]}
    return {"IpProtocol": r.protocol, **ports, **peers}


KIND = Kind(
    SecurityGroupRules,
    read,
    ensure_security_group_rules,
    remove,
    actions=actions(
        "ec2",
        "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DescribeSecurityGroups "
        "DescribeSubnets DescribeVpcs RevokeSecurityGroupEgress RevokeSecurityGroupIngress "
        "UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress",
    ),
)
