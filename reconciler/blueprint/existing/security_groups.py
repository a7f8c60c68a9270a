"""Security groups that tasks are in as well: they are there, and in the network of the tasks."""

from collections.abc import Iterator

from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found
from reconciler.blueprint.existing.network import find_vpc_ids
from reconciler.model import tags


def read_security_groups(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield each security group that a service names, by its place; wrong is one of another VPC."""
    named = {
        ("services", name, "security_groups", number): group
        for name, service in platform.services.items()
        for number, group in enumerate(service.security_groups)
    }
    if not named:
        return
    wanted = [{"Name": "group-id", "Values": sorted({*named.values()})}]
    path = "SecurityGroups[].[GroupId, VpcId]"
    found = dict(reads.pages("ec2", "describe_security_groups", path, Filters=wanted))
    vpcs = _find_vpcs_of_tasks(reads, platform)
    for where, group in named.items():
        if group not in found:
            message = f"there is no {group} in {reads.aws.region} that these credentials can see"
            yield platform.mistake(where, message)
        elif found[group] not in vpcs:
            theirs = ", ".join(sorted(vpcs)) or "a VPC that is yet to be made"
            yield platform.mistake(where, f"{group} is in {found[group]}, and the tasks are in {theirs}")
        else:
            yield Found(where, {"id": group})


def _find_vpcs_of_tasks(reads: Reads, platform: Platform) -> set[str]:
    """Return the ids of the VPC that the file names, or of those that are ours."""
    if platform.network.existing:
        return find_vpc_ids(reads, platform)
    ours = tags.filters(reads.stack.name)
    return {*reads.pages("ec2", "describe_vpcs", "Vpcs[].VpcId", Filters=ours)}
