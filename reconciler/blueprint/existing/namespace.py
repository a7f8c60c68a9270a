"""A namespace that exists: it is a private one of the VPC that the tasks are in."""

from collections.abc import Iterator, Mapping
from typing import Any

from desired_state.mistakes import LoadError, Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Existing, Found
from reconciler.blueprint.existing.network import find_vpc_ids
from reconciler.resources.cloud_map_namespace import list_vpcs

WHERE: KeyPath = ("discovery", "existing")
PRIVATE = "DNS_PRIVATE"

Raw = Mapping[str, Any]


def read_namespace(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the namespace, or what is wrong with it. What may not be read of its zone is not judged."""
    existing = platform.discovery.existing
    if existing is None:
        return
    found = _ask(reads, existing)
    if found is None:
        yield _lacks(reads, platform, existing)
        return
    if found["Type"] != PRIVATE:
        message = f"{existing} is {found['Type']}, and tasks have names in a {PRIVATE} one"
        yield platform.mistake(WHERE, message)
        return
    yield Found(WHERE, {"id": found["Id"], "arn": found["Arn"], "domain": found["Name"]})
    yield from _check_vpc(reads, platform, found)


def find_name(reads: Reads, platform: Platform) -> str:
    """Return the DNS name of the namespace that exists. Raises `LoadError` if there is none."""
    existing = platform.discovery.existing or ""
    found = _ask(reads, existing)
    if found is None:
        raise LoadError([_lacks(reads, platform, existing)])
    return str(found["Name"])


def _ask(reads: Reads, existing: str) -> Raw | None:
    unknown = ("NamespaceNotFound", "InvalidInput")
    answer: Raw | None = reads.ask("servicediscovery", "get_namespace", "Namespace", unknown, Id=existing)
    return answer


def _lacks(reads: Reads, platform: Platform, existing: str) -> Mistake:
    return platform.mistake(WHERE, f"there is no namespace {existing} in {reads.aws.region}")


def find_domain(platform: Platform, existing: Existing | None) -> str | None:
    """Return the DNS name of the namespace; None if it exists already and was not read."""
    if platform.discovery.existing is None:
        return platform.discovery.namespace
    return (existing or {}).get(WHERE, {}).get("domain")


def _check_vpc(reads: Reads, platform: Platform, namespace: Raw) -> Iterator[Mistake]:
    seen_in, wanted = list_vpcs(reads, namespace), find_vpc_ids(reads, platform)
    if seen_in and wanted and not wanted & {*seen_in}:
        told = f"{namespace['Id']} is seen in {', '.join(seen_in)}, and the tasks are in {', '.join(wanted)}"
        yield platform.mistake(WHERE, told)
