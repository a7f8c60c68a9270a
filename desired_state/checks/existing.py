from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.tree import KeyPath, format_key


def check_existing(platform: Platform) -> Iterator[Violation]:
    """Check that nothing is asked of what exists already: it is not changed."""
    cluster = platform.cluster
    if cluster.existing and "container_insights" in cluster.model_fields_set:
        message = (
            "is a setting of the cluster, which exists and is not changed: leave it out, also in other files"
        )
        yield Violation(("cluster", "container_insights"), message, depends_on=(("cluster", "existing"),))
    yield from _check_names(platform)
    yield from _check_discovery(platform)
    for name, service in platform.services.items():
        where = ("services", name)
        for key in ("permissions", "policies") if service.roles.task else ():
            if getattr(service, key):
                message = (
                    "would be written to `roles.task`, which exists and is not changed: leave one of them out"
                )
                yield Violation((*where, key), message, depends_on=((*where, "roles"),))
        if service.image.repository:
            for key in sorted(service.image.model_fields_set & {"keep", "scan_on_push", "immutable_tags"}):
                message = "is a setting of the repository, which exists and is not changed: leave it out"
                yield Violation((*where, "image", key), message, depends_on=((*where, "image", "repository"),))
        if service.logs.existing:
            for key in sorted(service.logs.model_fields_set & {"retention_days", "kms"}):
                message = "is a setting of the log group, which exists and is not changed: leave it out"
                yield Violation((*where, "logs", key), message, depends_on=((*where, "logs", "existing"),))


def _check_names(platform: Platform) -> Iterator[Violation]:
    """Check that no pattern names what exists already, and has a name."""
    balancer = platform.load_balancer
    several = platform.load_balancers
    there: dict[str, KeyPath] = {}
    if platform.cluster.existing:
        there["cluster"] = ("cluster", "existing")
    if balancer and balancer.existing:
        there["load_balancer"] = ("load_balancer", "existing")
    if several and all(one.existing for one in several.values()):
        there["load_balancers"] = ("load_balancers", next(iter(several)), "existing")
    for key in sorted(platform.name_patterns.model_fields_set & there.keys()):
        message = (
            f"names a {key.rstrip('s').replace('_', ' ')} to make, and {format_key(there[key])} is one that is there: "
            "leave it out, also in other files"
        )
        yield Violation(("names", key), message, depends_on=(there[key],))


def _check_discovery(platform: Platform) -> Iterator[Violation]:
    if platform.discovery.existing is None:
        return
    if "namespace" in platform.discovery.model_fields_set:
        message = (
            "is the name of a namespace to make, and `existing` is one that is there: leave one of them out"
        )
        yield Violation(("discovery", "namespace"), message, depends_on=(("discovery", "existing"),))
    if platform.network.existing is None:
        message = (
            "is seen in its own VPC only, and the stack would make another: name its VPC by `network.existing`"
        )
        yield Violation(("discovery", "existing"), message, depends_on=(("network",),))
