"""Hypothesis strategies for the networks of small platforms: each is right, as the file's rules have it."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from crash.existing import find_table, make_network

RANGES = st.sampled_from(("10.0.0.0/16", "10.20.64.0/18", "172.16.0.0/20", "192.168.8.0/22"))
ZONES = st.sampled_from((2, 3, ["us-east-1c", "us-east-1a"], ["use1-az1", "use1-az2", "use1-az4"]))
TIERS = st.sampled_from((("public",), ("public", "private"), ("private",)))
SERVICES = st.lists(st.sampled_from(("s3", "dynamodb", "ecr", "logs", "ssm", "sqs")), unique=True, max_size=4)
NEEDED = ["s3", "ecr", "logs"]  # by a service without secrets, tracing and execute_command
FLOW_LOGS = st.sampled_from(({}, {"flow_logs": {}}, {"flow_logs": {"retention_days": 30}}))
LONGEST = 27  # prefix of a subnet


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the section `network` of a file."""
    cidr, names = draw(RANGES), draw(TIERS)
    subnets = {name: {"prefix": draw(st.integers(_shortest(cidr), LONGEST))} for name in names}
    both = len(names) == 2
    nat = draw(st.sampled_from(("none", "one", "per_zone"))) if both else "none"
    endpoints: Any = draw(SERVICES)
    if "private" in names and draw(st.booleans()):
        endpoints = "auto"
    elif "private" in names and nat == "none":
        endpoints = sorted({*endpoints, *NEEDED})
    return {
        "cidr": cidr,
        "zones": draw(ZONES),
        "subnets": subnets,
        "nat": nat,
        "endpoints": endpoints,
        "ipv6": draw(st.booleans()),
        **draw(FLOW_LOGS),
    }


def _shortest(cidr: str) -> int:
    """Return the shortest prefix with which three subnets fit into either half of a range."""
    return int(cidr.partition("/")[2]) + 3


def in_network(network: dict[str, Any]) -> dict[str, Any]:
    """Return a file of a platform with one service in this network."""
    tiers = network["existing"]["subnets"] if "existing" in network else network["subnets"]
    scheme = "internet-facing" if "public" in tiers else "internal"
    return {
        "platform": "shop",
        "environment": "any",
        "suffix": "any",
        "region": "us-east-1",
        "network": network,
        "load_balancer": {"scheme": scheme},
        "service_defaults": {"cpu": 256, "memory": 512, "desired_count": 1},
        "services": {"web": {"routes": [{"priority": 1, "paths": ["/*"]}]}},
    }


@dataclass(frozen=True)
class Inside:
    """How a file uses a network of others: what it names, in which way, and what it adds."""

    tiers: tuple[str, ...]
    by_tags: bool
    way_out: bool
    """The private subnets have a route out."""
    endpoints: tuple[str, ...]


@st.composite
def inside(draw: st.DrawFn) -> Inside:
    """Draw how a file uses a network of others."""
    tiers, way_out, asked = draw(TIERS), draw(st.booleans()), draw(SERVICES)
    needed = [] if way_out or "private" not in tiers else NEEDED
    return Inside(tiers, draw(st.booleans()), way_out, tuple(sorted({*asked, *needed})))


def in_existing(wanted: Inside) -> dict[str, Any]:
    """Make a network of others, and return the section `network` of a file that uses it so."""
    vpc, public, private = make_network(way_out=wanted.way_out)
    chosen = {"public": public, "private": private}
    by_tags = {tier: {"tags": {"Tier": tier}} for tier in chosen}
    gateways = {"s3", "dynamodb"} & {*wanted.endpoints}
    used = {find_table(vpc, chosen[tier][0]) for tier in wanted.tiers} if gateways else ()
    allow = {"route_tables": sorted(used), "private_dns": bool({*wanted.endpoints} - gateways)}
    existing = {
        "vpc": {"tags": {"Owner": "others"}} if wanted.by_tags else vpc,
        "subnets": {tier: by_tags[tier] if wanted.by_tags else chosen[tier] for tier in wanted.tiers},
        "allow": {key: value for key, value in allow.items() if value},
    }
    return {"existing": existing, "endpoints": list(wanted.endpoints)}
