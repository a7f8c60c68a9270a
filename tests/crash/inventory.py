"""Inventories of accounts, with ids replaced so that two accounts with the same resources compare as equal."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crash.account import list_resources
from crash.pages import Client, Raw, Resource
from reconciler.model.tags import NAME

ID_FIELDS = {  # the field with the id by which others refer to a resource
    "vpc": "VpcId",
    "subnet": "SubnetId",
    "internet gateway": "InternetGatewayId",
    "egress-only gateway": "EgressOnlyInternetGatewayId",
    "route table": "RouteTableId",
    "security group": "GroupId",
    "address": "AllocationId",
    "endpoint": "VpcEndpointId",
    "flow log": "FlowLogId",
    "NAT gateway": "NatGatewayId",
    "namespace": "Id",
    "discovery service": "Id",
    "hosted zone": "Id",
}
IDS = re.compile(
    r"\b(?:vpc|subnet|igw|eigw|nat|vpce|fl|rtb|rtbassoc|sg|sgr|eni|eipalloc|acl|dopt|vpc-cidr-assoc)-[0-9a-f]{8,}\b"
    r"|\b(?:ns|srv)-[0-9a-z]{8,}\b|\bZ[0-9A-Z]{21}\b|(?<=scalable-target/)\w+|(?<=scalingPolicy:)[0-9a-f-]+"
    r"|(?<=[/-])[0-9a-f]{16,32}\b|(?<=/)[0-9]{10,}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)
IPV6 = re.compile(r"\b2400:6500:[0-9a-f:]+")  # a block of the embedded AWS, or an address of it: by chance
REVISION = re.compile(r"(task-definition/[\w-]+):\d+")
ENDPOINT_LABEL = re.compile(r"(?<=\bvpce-[0-9a-f]{17})-[0-9a-z]{8}\b")  # in its DNS names
LOAD_BALANCER_NUMBER = re.compile(r"(?<=\w)-\d+(?=\.us-east-1\.elb)")  # the number in its DNS name
VOLATILE_FIELDS = re.compile(
    r"(?i)(created|create|updated|registered|deregistered|modified|creation|started|stopped|connectivity|lastevent|last)"
    r"\w*(at|time|date|on|by)?$|^(events|deployments|currentServiceRevisions|RequestId|State|Size|InstanceCount|"
    r"runningCount|pendingCount|storedBytes|statistics|CreateDate|revision|RoleLastUsed|IpAddress|AvailableIpAddressCount|"
    r"registeredContainerInstancesCount|runningTasksCount|pendingTasksCount|networkInterfaceId|"
    r"CreatorRequestId|PrivateIp|PrivateIpAddress|PublicIp|"
    r"HostedZoneId|RoleId|PolicyId|currentServiceDeployment|StateReason|StateReasonData|StateValue)$"
)


def take_inventory(client: Client) -> Counter[str]:
    """Count the resources of an account by their comparable form, without ids and times."""
    found = list(list_resources(client))
    names = _name_ids(found)
    comparable = ({kind: _make_comparable(raw, names)} for kind, raw in found)
    return Counter(json.dumps(item, sort_keys=True, default=str) for item in comparable)


def compare(have: Counter[str], expected: Counter[str]) -> str:
    """Describe where two inventories differ; return "" if they are equal."""
    if have == expected:
        return ""
    more, less = _list_paths(have - expected), _list_paths(expected - have)
    if more == less:
        return (
            f"AWS has these in another number: {[text[:100] for text in (have - expected) + (expected - have)]}"
        )
    return f"AWS has {sorted(more - less)}, and should have {sorted(less - more)}"


def _list_paths(items: Counter[str]) -> set[str]:
    return {path for text in items for path in _list_leaves(json.loads(text), "")}


def _list_leaves(value: Any, path: str) -> Iterator[str]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from _list_leaves(child, f"{path}.{name}")
    if not isinstance(value, dict | list):
        yield f"{path}={value}"


def _name_ids(found: Iterable[Resource]) -> dict[str, str]:
    """Return a name for each id, so that references can be compared. Two resources may have the same name."""
    return {raw[ID_FIELDS[kind]]: f"{kind} {_get_name(raw)}" for kind, raw in found if kind in ID_FIELDS}


def _get_name(raw: Raw) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in (*raw.get("Tags", ()), *raw.get("tags", ()))}
    return tags.get(NAME) or tags.get("Name") or raw.get("GroupName") or raw.get("Name") or "without a name"


def _make_comparable(value: Any, names: Mapping[str, str]) -> Any:
    """Remove ids, times and volatile fields, and sort lists."""
    if isinstance(value, dict):
        return {k: _make_comparable(v, names) for k, v in value.items() if not VOLATILE_FIELDS.search(k)}
    if isinstance(value, list):
        items = (_make_comparable(v, names) for v in value)
        return sorted(items, key=lambda v: json.dumps(v, sort_keys=True, default=str))
    return _replace_ids(value, names) if isinstance(value, str) else value


def _replace_ids(value: str, names: Mapping[str, str]) -> str:
    text = IDS.sub(lambda found: names.get(found[0], "·"), ENDPOINT_LABEL.sub("", value))
    return IPV6.sub("ipv6", LOAD_BALANCER_NUMBER.sub("", REVISION.sub(r"\1", text)))
