"""Repositories that exist: they are there."""

from collections.abc import Iterator

from desired_state.mistakes import Mistake
from desired_state.near import suggest
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found
from reconciler.resources.ecr_repository import list_repositories


def read_repositories(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the repositories, or what is wrong with them. The registry is listed once, for its types too."""
    services = platform.services.items()
    named = {name: service.image.repository for name, service in services if service.image.repository}
    uris = {r["repositoryName"]: r["repositoryUri"] for r in list_repositories(reads)} if named else {}
    for service, name in named.items():
        where = ("services", service, "image", "repository")
        if name in uris:
            yield Found(where, {"id": name, "uri": uris[name]})
        else:
            message = f"there is no repository {name} in {reads.aws.region}{suggest(name, uris)}"
            yield platform.mistake(where, message)
