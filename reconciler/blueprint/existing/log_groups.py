"""Log groups that exist: they are there."""

from collections.abc import Iterator

from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found


def read_log_groups(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the log groups, or what is wrong with them."""
    services = platform.services.items()
    named = {name: service.logs.existing for name, service in services if service.logs.existing}
    names = sorted({*named.values()})
    there = dict(zip(names, reads.map(lambda name: _is_there(reads, name), names), strict=True))
    for service, name in named.items():
        where = ("services", service, "logs", "existing")
        if there[name]:
            yield Found(where, {"id": name})
        else:
            yield platform.mistake(where, f"there is no log group {name} in {reads.aws.region}")


def _is_there(reads: Reads, name: str) -> bool:
    path = "logGroups[].logGroupName"
    return name in reads.pages("logs", "describe_log_groups", path, logGroupNamePrefix=name)
