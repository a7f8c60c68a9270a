"""Endpoints that others have in a VPC that exists, and route tables that are there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desired_state.endpoints import GROUPS
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.resources.vpc_endpoint.spec import GOING

ENDPOINTS: KeyPath = ("network", "endpoints")
TABLES: KeyPath = ("network", "existing", "allow", "route_tables")

Raw = Mapping[str, Any]


def list_of_others(reads: Reads, platform: Platform, vpc: str) -> Sequence[Raw]:
    """Return the endpoints in a VPC that are not this stack's, which the file says anew."""
    found = reads.pages("ec2", "describe_vpc_endpoints", "VpcEndpoints[]", Filters=in_vpc(vpc))
    there = (one for one in found if one["State"].lower() not in GOING)
    return [one for one in there if tags.owner_of_nameless(tags.parse(one.get("Tags"))) != platform.stack]


def list_tables(reads: Reads, vpc: str) -> Sequence[Raw]:
    """Return the route tables of a VPC."""
    return reads.pages("ec2", "describe_route_tables", "RouteTables[]", Filters=in_vpc(vpc))


def find_duplicates(reads: Reads, platform: Platform, vpc: str) -> Iterator[Mistake]:
    """Yield what AWS would refuse, as others have it already (eksctl#2510, terraform-provider-aws#17535)."""
    existing, words = platform.network.existing, platform.network.endpoints
    if existing is None or not words or isinstance(words, str):
        return
    others = list_of_others(reads, platform, vpc)
    for index, word in enumerate(words):
        for name in GROUPS.get(word, (word,)):
            service = f"com.amazonaws.{reads.aws.region}.{name}"
            for one in (other for other in others if other["ServiceName"] == service):
                if taken := _find_taken(one, existing.allow.route_tables):
                    message = (
                        f"{vpc} has an endpoint of {service} already: {one['VpcEndpointId']}, which is not this "
                        f"stack's, has {taken}; leave {word} out"
                    )
                    yield platform.mistake((*ENDPOINTS, index), message)


def find_unknown_tables(reads: Reads, platform: Platform, vpc: str) -> Iterator[Mistake]:
    """Yield the route tables of the file that the VPC has not."""
    existing = platform.network.existing
    if existing is None or not existing.allow.route_tables:
        return
    there = sorted(table["RouteTableId"] for table in list_tables(reads, vpc))
    for index, own_id in enumerate(existing.allow.route_tables):
        if own_id not in there:
            message = f"{own_id} is not a route table of {vpc}, which has {', '.join(there)}"
            yield platform.mistake((*TABLES, index), message)


def _find_taken(other: Raw, tables: Sequence[str]) -> str:
    """Say what an endpoint of others has that one of this stack would need; nothing if both can be."""
    if other["VpcEndpointType"] == "Gateway":
        taken = [own_id for own_id in tables if own_id in other["RouteTableIds"]]
        return f"the route in {', '.join(taken)}" if taken else ""
    return "the service's private name" if other.get("PrivateDnsEnabled") else ""


def in_vpc(vpc: str) -> list[dict[str, Any]]:
    """Return the filters of EC2's lists for what is in a VPC."""
    return [{"Name": "vpc-id", "Values": [vpc]}]
