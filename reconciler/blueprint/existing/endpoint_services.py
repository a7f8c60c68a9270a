"""The AWS services that a region has endpoints for, and in which of its zones."""

from collections.abc import Collection, Iterator

from desired_state.endpoints import list_endpoints
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Existing, Found

WHERE: KeyPath = ("network", "endpoints")


def read_endpoint_services(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the zones of each AWS service that the file needs an endpoint for; wrong is one without any."""
    wanted = list_endpoints(platform)
    if not wanted:
        return
    prefix = f"com.amazonaws.{reads.aws.region}."
    named = [{"Name": "service-name", "Values": sorted(f"{prefix}{name}" for name in wanted)}]
    path = "ServiceDetails[].[ServiceName, AvailabilityZones]"
    found = dict(reads.pages("ec2", "describe_vpc_endpoint_services", path, Filters=named))
    for name in wanted:
        if zones := found.get(f"{prefix}{name}"):
            yield Found((*WHERE, name), {"zones": " ".join(sorted(zones))})
        else:
            message = f"{reads.aws.region} has no endpoint service for {name} ({prefix}{name})"
            yield platform.mistake(WHERE, message)


def find_zones(existing: Existing | None, name: str) -> Collection[str] | None:
    """Return the zones in which AWS has a service's endpoints; None if AWS was not asked."""
    found = (existing or {}).get((*WHERE, name))
    return found["zones"].split() if found else None
