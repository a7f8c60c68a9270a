"""Refused calls about the rules of security groups."""

from collections.abc import Callable
from typing import Any

from refusals.ec2_world import BLOCK, ec2, network, other_network, tcp
from refusals.probe import Probe

AUTHORIZE, REVOKE, MODIFY = (
    "AuthorizeSecurityGroupIngress",
    "RevokeSecurityGroupIngress",
    "ModifySecurityGroupRules",
)
UPDATE = "UpdateSecurityGroupRuleDescriptionsIngress"


def allow(*permissions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"GroupId": network().group, "IpPermissions": [*permissions], **more}


def allowed(*permissions: dict[str, Any]) -> tuple[str, str]:
    """Add a rule first, and return the group and the rule's id."""
    group = network().group
    added = ec2().authorize_security_group_ingress(GroupId=group, IpPermissions=[*permissions])
    return group, added["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def again() -> dict[str, Any]:
    group, _ = allowed(tcp(IpRanges=BLOCK))
    return {"GroupId": group, "IpPermissions": [tcp(IpRanges=[{"CidrIp": "10.8.0.0/16"}]), tcp(IpRanges=BLOCK)]}


def full() -> dict[str, Any]:
    return allow(*(tcp(IpRanges=[{"CidrIp": f"10.{number}.0.0/16"}]) for number in range(61)))


def both() -> dict[str, Any]:
    group, rule = allowed(tcp(IpRanges=BLOCK))
    return {"GroupId": group, "SecurityGroupRuleIds": [rule], "IpPermissions": [tcp(IpRanges=BLOCK)]}


def modified(**value: Any) -> dict[str, Any]:
    group, rule = allowed(tcp(IpRanges=BLOCK))
    ports = {"IpProtocol": "tcp", "FromPort": 81, "ToPort": 81}
    change = {"SecurityGroupRuleId": rule, "SecurityGroupRule": ports | value}
    return {"GroupId": group, "SecurityGroupRules": [change]}


def modified_to_another() -> dict[str, Any]:
    change = modified(CidrIpv4="10.7.0.0/16")
    ec2().authorize_security_group_ingress(
        GroupId=change["GroupId"],
        IpPermissions=[{**tcp(IpRanges=[{"CidrIp": "10.7.0.0/16"}]), "FromPort": 81, "ToPort": 81}],
    )
    return change


def absent_rule() -> dict[str, Any]:
    change = modified(CidrIpv4="10.7.0.0/16")
    change["SecurityGroupRules"][0]["SecurityGroupRuleId"] = "sgr-12345678"
    return change


def invalid(words: str, **permission: Any) -> Probe:
    return Probe(AUTHORIZE, "InvalidParameterValue", lambda: allow({"IpRanges": BLOCK, **permission}), words)


def peer(code: str, make: Callable[[], dict[str, Any]], words: str = "") -> Probe:
    return Probe(AUTHORIZE, code, lambda: allow(tcp(**make())), words)


PROBES = [
    Probe(AUTHORIZE, "MissingParameter", lambda: {"GroupId": network().group}),
    Probe(AUTHORIZE, "MissingParameter", lambda: allow(tcp())),
    Probe(AUTHORIZE, "InvalidGroup.NotFound", lambda: allow(tcp(IpRanges=BLOCK)) | {"GroupId": "sg-12345678"}),
    Probe(AUTHORIZE, "InvalidPermission.Duplicate", again),
    Probe(AUTHORIZE, "RulesPerSecurityGroupLimitExceeded", full),
    invalid("multiple", **tcp(IpRanges=BLOCK * 2)),
    invalid("malformed", **tcp(IpRanges=[{"CidrIp": "10.0.0.0/33"}])),
    invalid("malformed", **tcp(IpRanges=[{"CidrIp": "10.0.0.1"}])),
    invalid("Unknown protocol", IpProtocol="http"),
    invalid("Unknown protocol", IpProtocol="256"),
    invalid("from and to ports", IpProtocol="tcp"),
    invalid("port range (90:80)", IpProtocol="tcp", FromPort=90, ToPort=80),
    invalid("out of range", IpProtocol="udp", FromPort=0, ToPort=65536),
    invalid("out of range", IpProtocol="tcp", FromPort=-1, ToPort=80),
    invalid("ICMP code (65535) out of range", IpProtocol="icmp", FromPort=8, ToPort=65535),
    invalid("rule description", **tcp(IpRanges=[{"CidrIp": "10.9.0.0/16", "Description": "it's ours"}])),
    peer("InvalidGroup.NotFound", lambda: {"UserIdGroupPairs": [{"GroupId": "sg-12345678"}]}),
    peer(
        "InvalidGroup.NotFound", lambda: {"UserIdGroupPairs": [{"GroupId": other_network().group}]}, "different"
    ),
    peer("InvalidGroupId.Malformed", lambda: {"UserIdGroupPairs": [{"GroupId": "web"}]}),
    peer("InvalidPrefixListID.NotFound", lambda: {"PrefixListIds": [{"PrefixListId": "pl-12345678"}]}),
    Probe(REVOKE, "InvalidPermission.NotFound", lambda: allow(tcp(IpRanges=BLOCK))),
    Probe(REVOKE, "InvalidParameterCombination", both),
    Probe(REVOKE, "MissingParameter", lambda: {"GroupId": network().group}),
    Probe(
        REVOKE,
        "InvalidSecurityGroupRuleId.NotFound",
        lambda: {"GroupId": network().group, "SecurityGroupRuleIds": ["sgr-12345678"]},
    ),
    Probe(MODIFY, "MissingParameter", modified),
    Probe(MODIFY, "InvalidParameterCombination", lambda: modified(CidrIpv4="10.7.0.0/16", CidrIpv6="::/0")),
    Probe(MODIFY, "InvalidParameterValue", lambda: modified(CidrIpv6="::/0"), "IPv4"),
    Probe(MODIFY, "InvalidPermission.Duplicate", modified_to_another),
    Probe(MODIFY, "InvalidSecurityGroupRuleId.NotFound", absent_rule),
    Probe(UPDATE, "InvalidPermission.NotFound", lambda: allow(tcp(IpRanges=BLOCK))),
    Probe(UPDATE, "MissingParameter", lambda: {"GroupId": network().group}),
    Probe(
        UPDATE,
        "InvalidSecurityGroupRuleId.NotFound",
        lambda: {
            "GroupId": network().group,
            "SecurityGroupRuleDescriptions": [{"SecurityGroupRuleId": "sgr-12345678", "Description": "x"}],
        },
    ),
]
