"""All that an account has, with ids made comparable: equal for two accounts in which the same was built."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crash.account import Client, Raw, Thing, things
from reconciler.model.tags import NAME

OWN = {  # where the id is by which others refer to a thing
    "vpc": "VpcId",
    "subnet": "SubnetId",
    "internet gateway": "InternetGatewayId",
    "route table": "RouteTableId",
    "security group": "GroupId",
    "namespace": "Id",
    "discovery service": "Id",
}
IDS = re.compile(
    r"\b(?:vpc|subnet|igw|rtb|rtbassoc|sg|sgr|eni|eipalloc|acl|dopt|vpc-cidr-assoc)-[0-9a-f]{8,}\b"
    r"|\b(?:ns|srv)-[0-9a-z]{8,}\b|(?<=scalable-target/)\w+|(?<=scalingPolicy:)[0-9a-f-]+"
    r"|(?<=[/-])[0-9a-f]{16,32}\b|(?<=/)[0-9]{10,}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)
REVISION = re.compile(r"(task-definition/[\w-]+):\d+")
BALANCER = re.compile(r"(?<=\w)-\d+(?=\.us-east-1\.elb)")  # the number in its DNS name
OF_THE_MOMENT = re.compile(
    r"(?i)(created|updated|registered|deregistered|modified|creation|started|stopped|connectivity|lastevent|last)"
    r"\w*(at|time|date|on|by)?$|^(events|deployments|currentServiceRevisions|RequestId|State|Size|InstanceCount|"
    r"runningCount|pendingCount|statistics|CreateDate|revision|RoleLastUsed|IpAddress|AvailableIpAddressCount|"
    r"registeredContainerInstancesCount|runningTasksCount|pendingTasksCount|networkInterfaceId|CreatorRequestId|"
    r"HostedZoneId|RoleId|PolicyId|currentServiceDeployment|StateReason|StateReasonData|StateValue)$"
)


def inventory(client: Client) -> Counter[str]:
    """How often each thing is there; equal for two accounts that differ in ids and times only."""
    found = list(things(client))
    names = _names(found)
    comparable = ({kind: _comparable(raw, names)} for kind, raw in found)
    return Counter(json.dumps(item, sort_keys=True, default=str) for item in comparable)


def compared(have: Counter[str], expected: Counter[str]) -> str:
    """Where the two differ, in few words; "" where they do not."""
    if have == expected:
        return ""
    more, less = _paths(have - expected), _paths(expected - have)
    if more == less:
        return (
            f"AWS has these in another number: {[text[:100] for text in (have - expected) + (expected - have)]}"
        )
    return f"AWS has {sorted(more - less)}, and should have {sorted(less - more)}"


def _paths(items: Counter[str]) -> set[str]:
    return {path for text in items for path in _leaves(json.loads(text), "")}


def _leaves(value: Any, path: str) -> Iterator[str]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from _leaves(child, f"{path}.{name}")
    if not isinstance(value, dict | list):
        yield f"{path}={value}"


def _names(found: Iterable[Thing]) -> dict[str, str]:
    """What stands for each id, so that who refers to whom can be compared. Two of one name are two things still."""
    return {raw[OWN[kind]]: f"{kind} {_name(raw)}" for kind, raw in found if kind in OWN}


def _name(raw: Raw) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in (*raw.get("Tags", ()), *raw.get("tags", ()))}
    return tags.get(NAME) or tags.get("Name") or raw.get("GroupName") or raw.get("Name") or "without a name"


def _comparable(value: Any, names: Mapping[str, str]) -> Any:
    """Without ids, times and what changes by itself; lists in an order of their own."""
    if isinstance(value, dict):
        return {k: _comparable(v, names) for k, v in value.items() if not OF_THE_MOMENT.search(k)}
    if isinstance(value, list):
        items = (_comparable(v, names) for v in value)
        return sorted(items, key=lambda v: json.dumps(v, sort_keys=True, default=str))
    return _text(value, names) if isinstance(value, str) else value


def _text(value: str, names: Mapping[str, str]) -> str:
    told = IDS.sub(lambda found: names.get(found[0], "·"), value)
    return BALANCER.sub("", REVISION.sub(r"\1", told))
