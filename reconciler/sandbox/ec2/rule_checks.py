"""What AWS asks of the permissions in a call about a security group's rules, and how it keeps them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from reconciler.sandbox.ec2.cidrs import parse
from reconciler.sandbox.ec2.ids import GROUP, PREFIX_LIST
from reconciler.sandbox.ec2.present import find

TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
ALLOWED = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}  # recorded: the other numbers stay numbers
WITH_PORTS, WITH_TYPES = ("tcp", "udp"), ("icmp", "icmpv6")
HIGHEST_PORT, HIGHEST_TYPE, HIGHEST_PROTOCOL = 65535, 255, 255
ACTIVE_PEERING = "active"


def refuse_value(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)


def normalize(permission: Mapping[str, Any]) -> dict[str, Any]:
    """Return the permission as AWS keeps it: the protocol by its name, ports only where it has some.

    For a protocol other than TCP, UDP and the ICMPs, the ports of a call are ignored (EC2 API reference).
    """
    protocol = normalize_protocol(permission.get("IpProtocol"))
    kept = {name: value for name, value in permission.items() if name not in ("FromPort", "ToPort")}
    if protocol in WITH_PORTS + WITH_TYPES:
        _check_ports(protocol, permission.get("FromPort"), permission.get("ToPort"))
        kept |= {"FromPort": int(permission["FromPort"]), "ToPort": int(permission["ToPort"])}
    return kept | {"IpProtocol": protocol}


def normalize_protocol(sent: Any) -> str:
    """Return the protocol's name in lower case, or its number."""
    if sent is None:
        message = (
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly."
        )
        raise refuse_value(message)
    protocol = NAMES.get(str(sent), str(sent).lower())
    known = protocol in ("-1", *NAMES.values())
    if not known and not (protocol.isdecimal() and int(protocol) <= HIGHEST_PROTOCOL):
        raise refuse_value(f"Invalid value '{sent}' for IP protocol. Unknown protocol.")
    return protocol


def _check_ports(protocol: str, first: Any, last: Any) -> None:
    if protocol in WITH_TYPES:
        if first is None or last is None:
            raise refuse_value("Invalid value 'Must specify both type and code with ICMP.' for portRange.")
        for what, value in (("type", int(first)), ("code", int(last))):
            if not -1 <= value <= HIGHEST_TYPE:
                raise refuse_value(f"ICMP {what} ({value}) out of range")
        if int(first) == -1 != int(last):
            raise refuse_value("ICMP code must be -1 if the type is -1")
        return
    if first is None or last is None:
        raise refuse_value("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
    for what, value in (("from", int(first)), ("to", int(last))):
        if not 0 <= value <= HIGHEST_PORT:
            raise refuse_value(f"TCP/UDP ({what}) port ({value}) out of range")
    if int(first) > int(last):
        raise refuse_value(f"Invalid TCP/UDP port range ({first}:{last})")


def check_peers(ec2: Any, group: Any, permission: Mapping[str, Any], *, needed: bool = True) -> None:
    """Refuse peers that are no CIDR blocks, absent or of another VPC, and bad descriptions."""
    for block in permission.get("IpRanges", []):
        _check_block(block.get("CidrIp"), IPv4Network)
    for block in permission.get("Ipv6Ranges", []):
        _check_block(block.get("CidrIpv6"), IPv6Network)
    for pair in permission.get("UserIdGroupPairs", []):
        _check_group(ec2, group, pair)
    for prefix_list in permission.get("PrefixListIds", []):
        if find(ec2, str(prefix_list.get("PrefixListId"))) is None:
            raise PREFIX_LIST.refuse(str(prefix_list.get("PrefixListId")))
    peers = [*list_peers(permission)]
    if needed and not peers:
        raise EC2ClientError("MissingParameter", "The request must contain a CIDR, a group or a prefix list")
    for peer in peers:
        check_description(peer.get("Description"))


def list_peers(permission: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds"):
        yield from permission.get(name, [])


def check_description(text: Any) -> None:
    if not TEXT.fullmatch(str(text or "")):
        words = "Invalid rule description. Valid descriptions are strings less than 256 characters"
        raise refuse_value(f"{words} from the following set:  {ALLOWED}")


def _check_block(text: Any, family: type) -> None:
    parsed = parse(text)
    if not isinstance(parsed, family) or "/" not in str(text):
        raise refuse_value(f"CIDR block {text} is malformed")


def _check_group(ec2: Any, group: Any, pair: Mapping[str, Any]) -> None:
    """Refuse a group that is absent, or in a VPC that is not peered with this group's."""
    named = pair.get("GroupId")
    if not named or pair.get("UserId", group.owner_id) != group.owner_id:
        return
    peer = find(ec2, named)
    if peer is None:
        raise GROUP.refuse(named)
    vpcs = {group.vpc_id, peer.vpc_id}
    peered = any(
        {peering.vpc.id, peering.peer_vpc.id} == vpcs and peering.status["Code"] == ACTIVE_PEERING
        for peering in ec2.vpc_pcxs.values()
    )
    if len(vpcs) > 1 and not peered:
        message = "You have specified two resources that belong to different networks."
        raise EC2ClientError(GROUP.not_found, message)


def require_distinct(permissions: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a call that names one permission twice (AWS's words)."""
    seen: set[tuple[Any, ...]] = set()
    for permission in permissions:
        for peer in list_peers(permission):
            named = next(
                (peer[key] for key in ("CidrIp", "CidrIpv6", "GroupId", "PrefixListId") if key in peer), None
            )
            block = parse(named)
            identity = (
                permission["IpProtocol"],
                permission.get("FromPort"),
                permission.get("ToPort"),
                str(block or named),
            )
            if identity in seen:
                raise refuse_value("The same permission must not appear multiple times")
            seen.add(identity)
