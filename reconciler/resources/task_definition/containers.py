"""Containers of a task definition, as a spec. Nothing in it has an order."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import Part

ECR_IMAGE = re.compile(
    r"(?P<uri>\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[^:@]+)(?P<tag_or_digest>.*)"
)


def repository_and_tag(image: Any) -> Any:
    """Return an image in ECR as its repository's URI and a tag or digest; any other as it is.

    So it is compared by the repository's name in the plan, if the repository is ours.
    """
    found = ECR_IMAGE.fullmatch(image) if isinstance(image, str) else None
    if found is None:
        return image
    repository = Ref("ecr_repository", found["uri"], "uri", foreign=True)
    return Text("{}" + (found["tag_or_digest"] or ":latest"), (repository,))


class Port(Part):
    """A port that the container listens on. In awsvpc mode the host's is the same."""

    container_port: int
    protocol: Literal["tcp", "udp"] = "tcp"


class ContainerHealthCheck(Part):
    """A command that ECS runs in the container. Times are seconds; the defaults are ECS's."""

    command: tuple[str, ...]
    interval: int = 30
    timeout: int = 5
    retries: int = 3
    start_period: int = 0


class Container(Part):
    """One container of a task."""

    image: Annotated[Text | str, BeforeValidator(repository_and_tag)]
    cpu: int | None = None
    """CPU units out of the task's."""
    memory: int | None = None
    """MiB; ECS stops a container that uses more."""
    essential: bool = True
    """Whether the task stops when this container does."""
    environment: Mapping[str, str] = {}
    secrets: Mapping[str, str] = {}
    """ARNs of secrets and parameters, by the environment variable that holds their value."""
    command: tuple[str, ...] | None = None
    ports: frozenset[Port] = frozenset()
    log_group: Annotated[Ref, refers_to("log_group")] | None = None
    log_prefix: str | None = None
    """What the names of its log streams begin with."""
    log_region: str | None = None
    health_check: ContainerHealthCheck | None = None
    others: Mapping[str, str] = {}
    """What AWS has besides, by its name there, as JSON. Never desired: a new revision leaves it out."""
