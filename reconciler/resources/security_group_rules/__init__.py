"""The rules of security groups. They are a kind of their own, so that two groups may name each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, ErrorMatches, Later, Step
from reconciler.model.trail import TouchedBy
from reconciler.resources.kind import Kind, actions
from reconciler.resources.security_group_rules.naming import find_group_names
from reconciler.resources.security_group_rules.permissions import (
    PERMISSIONS_KEYS,
    from_permissions,
    to_permission,
)
from reconciler.resources.security_group_rules.severities import SEVERITIES
from reconciler.resources.security_group_rules.spec import ALL_TRAFFIC, ALL_TRAFFIC_V6, Rule, SecurityGroupRules
from reconciler.resources.vpc import list_in_our_vpcs

__all__ = [
    "ALL_TRAFFIC",
    "ALL_TRAFFIC_V6",
    "KIND",
    "NOT_FOUND",
    "Rule",
    "SecurityGroupRules",
    "ensure_security_group_rules",
    "from_aws",
]

NOT_FOUND = ("InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound", "InvalidGroupId.NotFound")
RULE_NOT_FOUND = ("InvalidPermission.NotFound",)
# The ::/0 that AWS made itself may be refused with the last (terraform-provider-aws, security_group.go).
ALREADY_REVOKED = (*RULE_NOT_FOUND, *NOT_FOUND, ErrorMatch("InvalidParameterValue", "remote-ipv6-range"))

REVOKED_LAST = Later(
    "revocations", "rules that running tasks may need are revoked last, once all else has rolled out", last=True
)


def read(reads: Reads) -> Iterator[Live[SecurityGroupRules]]:
    groups = list_in_our_vpcs(reads, "describe_security_groups", "SecurityGroups[]")
    names = find_group_names(reads, groups)
    for group in groups:
        group_tags = tags.parse(group.get("Tags"))
        if tags.owner_of_nameless(group_tags) == reads.stack.name:
            yield Live(
                from_aws(names[group["GroupId"]], group), {"id": f"{group['GroupId']}/rules"}, reads.stack.name
            )


def from_aws(name: str, group: Mapping[str, Any]) -> SecurityGroupRules:
    """Return the rules of a group of DescribeSecurityGroups. `name` is the group's name in the plan."""
    account = group.get("OwnerId")
    rules = {field: from_permissions(group[key], account) for field, key in PERMISSIONS_KEYS.items()}
    return SecurityGroupRules(name=name, group=group["GroupId"], **rules)


def ensure_security_group_rules(
    want: SecurityGroupRules, live: Live[SecurityGroupRules] | None
) -> Iterator[Step | Later]:
    # EC2 gives a new group egress to anywhere, perhaps only after it has answered.
    egress, not_yet = (live.spec.egress, ()) if live else (frozenset({ALL_TRAFFIC}), RULE_NOT_FOUND)
    ingress = live.spec.ingress if live else frozenset()
    added = [*_missing(want.ingress, ingress), *_missing(want.egress, egress)]
    surplus = [("ingress", rule) for rule in _missing(ingress, want.ingress)]
    surplus += [("egress", rule) for rule in _missing(egress, want.egress)]
    in_use = [(direction, rule) for direction, rule in surplus if live and _may_be_in_use(rule, added)]
    yield from _add_rules("ingress", want.group, want.ingress, ingress)
    yield from _add_rules("egress", want.group, want.egress, egress)
    for direction, rule in surplus:
        if (direction, rule) not in in_use:
            yield _revoke(direction, want.group, rule, not_yet if direction == "egress" else ())
    if in_use:
        yield REVOKED_LAST
    for direction, rule in in_use:
        yield _revoke(direction, want.group, rule)


def _missing(rules: frozenset[Rule], among: frozenset[Rule]) -> list[Rule]:
    """Return the rules that are not among the others, whatever their descriptions, in order."""
    bare = {rule.without_description for rule in among}
    return sorted((rule for rule in rules if rule.without_description not in bare), key=repr)


def _may_be_in_use(surplus: Rule, added: Iterable[Rule]) -> bool:
    """Tell whether tasks that run now may need the rule until a rollout has ended.

    It is so if its peer is a group, such as the load balancer's, or gets another port. Addresses that a person
    let in are shut out at once: they must not stay in while something else is held.
    """
    return surplus.group is not None or any(rule.peer == surplus.peer for rule in added)


def _add_rules(direction: str, group: Ref, want: frozenset[Rule], live: frozenset[Rule]) -> Iterator[Step]:
    missing = _missing(want, live)
    redescribed = {rule for rule in want - live - {*missing} if rule.description is not None}
    for rule in missing:
        exists = ("InvalidPermission.Duplicate",)
        groups = [group, rule.group] if rule.group else [group]
        yield _call(f"authorize_security_group_{direction}", group, rule, exists, if_new(NOT_FOUND, *groups))
    for rule in sorted(redescribed, key=repr):
        yield _call(f"update_security_group_rule_descriptions_{direction}", group, rule)


def remove(live: Live[SecurityGroupRules]) -> Iterator[Step]:
    for direction in ("ingress", "egress"):
        for rule in sorted(getattr(live.spec, direction), key=repr):
            yield _revoke(direction, live.spec.group, rule)


def _revoke(direction: str, group: Ref, rule: Rule, not_yet: tuple[str, ...] = ()) -> Call:
    ignore = tuple(error for error in ALREADY_REVOKED if error not in not_yet)
    return _call(f"revoke_security_group_{direction}", group, rule.without_description, ignore, not_yet)


def _call(operation: str, group: Ref, rule: Rule, ignore: ErrorMatches = (), retry: ErrorMatches = ()) -> Call:
    # One rule a call: EC2 refuses a request as a whole where one rule of it is there, or not there, already.
    params = {"GroupId": group, "IpPermissions": [to_permission(rule)]}
    return Call("ec2", operation, params, ignore=ignore, retry=retry, patience=300)


KIND = Kind(
    SecurityGroupRules,
    read,
    ensure_security_group_rules,
    remove,
    severities=SEVERITIES,
    indexed_as="ec2:security-group/",
    touched_by=TouchedBy(
        "ec2.amazonaws.com",
        {"groupId": "id"},
        changed_by={
            field: (
                f"AuthorizeSecurityGroup{direction}",
                f"RevokeSecurityGroup{direction}",
                "ModifySecurityGroupRules",
                f"UpdateSecurityGroupRuleDescriptions{direction}",
            )
            for field, direction in {"ingress": "Ingress", "egress": "Egress"}.items()
        },
        found_by="id",
        nameless=True,
    ),
    actions=actions(
        "ec2",
        "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DescribeSecurityGroups "
        "DescribeSubnets DescribeVpcs RevokeSecurityGroupEgress RevokeSecurityGroupIngress "
        "UpdateSecurityGroupRuleDescriptionsEgress UpdateSecurityGroupRuleDescriptionsIngress",
    ),
)
