"""A cluster that exists: it is there, and has the capacity providers that services ask for."""

from collections.abc import Iterator

from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found

WHERE: KeyPath = ("cluster", "existing")


def read_cluster(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the cluster, or what is wrong with it."""
    existing = platform.cluster.existing
    if existing is None:
        return
    found = reads.ask("ecs", "describe_clusters", "clusters[?status=='ACTIVE'] | [0]", clusters=[existing])
    if found is None:
        yield platform.mistake(WHERE, f"there is no active cluster {existing} in {reads.aws.region}")
        return
    if existing.startswith("arn:") and found["clusterArn"] != existing:
        message = f"there is no cluster {existing} in this account and region; there is {found['clusterArn']}"
        yield platform.mistake(WHERE, message)
        return
    yield Found(WHERE, {"id": found["clusterName"], "arn": found["clusterArn"]})
    there = set(found.get("capacityProviders", ()))
    for where, asked in _list_asked(platform):
        for provider in sorted(asked - there):
            has = ", ".join(sorted(there)) or "none"
            yield platform.mistake(where, f"cluster {found['clusterName']} has no {provider}; it has {has}")


def _list_asked(platform: Platform) -> Iterator[tuple[KeyPath, set[str]]]:
    """Yield the capacity providers that are asked for, and where."""
    if any(service.capacity_providers is None for service in platform.services.values()):
        yield ("cluster", "capacity_providers"), set(platform.cluster.capacity_providers)
    for name, service in platform.services.items():
        yield ("services", name, "capacity_providers"), set(service.capacity_providers or ())
