from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform


def check_existing(platform: Platform) -> Iterator[Violation]:
    """Check that nothing is asked of what exists already: it is not changed."""
    cluster = platform.cluster
    if cluster.existing and "container_insights" in cluster.model_fields_set:
        message = (
            "is a setting of the cluster, which exists and is not changed: leave it out, also in other files"
        )
        yield Violation(("cluster", "container_insights"), message, depends_on=(("cluster", "existing"),))
    for name, service in platform.services.items():
        where = ("services", name)
        if service.roles.task and service.permissions:
            message = "would be written to `roles.task`, which exists and is not changed: leave one of them out"
            yield Violation((*where, "permissions"), message, depends_on=((*where, "roles"),))
        if service.logs.existing:
            for key in sorted(service.logs.model_fields_set & {"retention_days", "kms"}):
                message = "is a setting of the log group, which exists and is not changed: leave it out"
                yield Violation((*where, "logs", key), message, depends_on=((*where, "logs", "existing"),))
