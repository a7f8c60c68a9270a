"""Convert rules to and from EC2's IpPermission, which has all peers of one port range."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.resources.security_group_rules.spec import NO_DESCRIPTION, Rule

PERMISSIONS_KEYS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}  # in DescribeSecurityGroups


def from_permissions(permissions: Iterable[Mapping[str, Any]], account: str | None) -> frozenset[Rule]:
    """Return a rule for each peer. `account` is the account that owns the group."""
    return frozenset(
        Rule(**_find_traffic(permission), **peer, description=description)
        for permission in permissions
        for peer, description in _find_peers(permission, account)
    )


def find_named_groups(group: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of the groups that a group's rules name, given the group of DescribeSecurityGroups."""
    permissions = (p for key in PERMISSIONS_KEYS.values() for p in group.get(key, ()))
    return frozenset(pair["GroupId"] for p in permissions for pair in p.get("UserIdGroupPairs", ()))


def _find_traffic(permission: Mapping[str, Any]) -> dict[str, Any]:
    ports = {"from_port": permission.get("FromPort"), "to_port": permission.get("ToPort")}
    return {"protocol": permission["IpProtocol"], **ports}


def _find_peers(permission: Mapping[str, Any], account: str | None) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the fields that hold a peer, and its rule's description, which EC2 leaves out if there is none."""
    for ipv4 in permission.get("IpRanges", ()):
        yield {"cidr": ipv4["CidrIp"]}, ipv4.get("Description", NO_DESCRIPTION)
    for ipv6 in permission.get("Ipv6Ranges", ()):
        yield {"cidr": ipv6["CidrIpv6"]}, ipv6.get("Description", NO_DESCRIPTION)
    for prefix_list in permission.get("PrefixListIds", ()):
        yield {"prefix_list": prefix_list["PrefixListId"]}, prefix_list.get("Description", NO_DESCRIPTION)
    for pair in permission.get("UserIdGroupPairs", ()):
        peer_account = pair.get("UserId", account)
        other_account = None if peer_account == account else peer_account
        yield {"group": pair["GroupId"], "account": other_account}, pair.get("Description", NO_DESCRIPTION)


def to_permission(rule: Rule) -> dict[str, Any]:
    """Return the rule as an IpPermission. An update without a description removes it (EC2 API reference)."""
    ports = {} if rule.from_port is None else {"FromPort": rule.from_port, "ToPort": rule.to_port}
    description = {"Description": rule.description} if rule.description else {}
    if rule.group:
        account = {} if rule.account is None else {"UserId": rule.account}
        peers = {"UserIdGroupPairs": [{"GroupId": rule.group, **account, **description}]}
    elif rule.prefix_list:
        peers = {"PrefixListIds": [{"PrefixListId": rule.prefix_list, **description}]}
    elif ":" in (rule.cidr or ""):
        peers = {"Ipv6Ranges": [{"CidrIpv6": rule.cidr, **description}]}
    else:
        peers = {"IpRanges": [{"CidrIp": rule.cidr, **description}]}
    return {"IpProtocol": rule.protocol, **ports, **peers}
