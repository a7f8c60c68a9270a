"""The spec of a container of a task definition. Only commands have an order."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from reconciler.model.references import Ref, Text, refers_to
from reconciler.model.spec import DROPS_EMPTY, Part

ECR_IMAGE = re.compile(
    r"(?P<uri>\d{12}\.dkr\.ecr\.[a-z0-9-]+(\.[a-z0-9-]+)+/[^:@]+)(?P<tag_or_digest>.*)"  # in any partition
)

STOP_TIMEOUT = 30  # seconds that a stopping container has where nobody says otherwise (ECS API reference)


def parse_image(image: Any) -> Any:
    """Return an ECR image as a Text: a Ref to its repository, then the tag or digest. Return others unchanged.

    An image in a repository of ours is so compared by the repository's name in the plan.
    """
    match = ECR_IMAGE.fullmatch(image) if isinstance(image, str) else None
    if match is None:
        return image
    repository = Ref("ecr_repository", match["uri"], "uri", by_id=True)
    return Text("{}" + (match["tag_or_digest"] or ":latest"), (repository,))


class Port(Part):
    """A port that the container listens on. In awsvpc mode the host port is the same."""

    container_port: int
    protocol: Literal["tcp", "udp"] = "tcp"


class Ulimit(Part):
    """A limit of the container's program."""

    soft: int
    hard: int


class ContainerHealthCheck(Part):
    """A command that ECS runs in the container to check it. The defaults are ECS's."""

    command: tuple[str, ...]
    interval: int = 30
    """Seconds between two checks."""
    timeout: int = 5
    """Seconds until a check that has not ended fails."""
    retries: int = 3
    """The number of checks that fail in a row before the container is unhealthy."""
    start_period: int = 0
    """Seconds after the start in which failures do not count."""


class Container(Part):
    """One container of a task."""

    image: Annotated[Text | str, BeforeValidator(parse_image)]
    cpu: int | None = None
    """CPU units, out of those of the task."""
    memory: int | None = None
    """The memory limit in MiB; a container that uses more is stopped."""
    essential: bool = True
    """True: the task stops when this container does."""
    environment: Annotated[Mapping[str, str], DROPS_EMPTY] = {}
    """Reports differ on whether ECS keeps an empty value (terraform-provider-aws#39533 and its answers)."""
    environment_files: tuple[str, ...] = ()
    """The ARNs of files in S3 with further variables, in their order."""
    secrets: Mapping[str, str] = {}
    """The ARNs of secrets and parameters, by the name of the environment variable."""
    entry_point: tuple[str, ...] | None = None
    """The entry point that replaces the image's own."""
    command: tuple[str, ...] | None = None
    """The command that runs instead of the image's own."""
    user: str | None = None
    """The user that its program runs as, and its group; None: the image's own."""
    working_directory: str | None = None
    """The directory that the command runs in; None: the image's own."""
    readonly_root_filesystem: bool = False
    init_process: bool = False
    """True: an init process forwards signals and reaps processes."""
    stop_timeout: int = STOP_TIMEOUT
    """Seconds until a container that is to stop is killed."""
    ulimits: Mapping[str, Ulimit] = {}
    """The limits that are not Fargate's own, by name."""
    dropped_capabilities: frozenset[str] = frozenset()
    """The Linux capabilities that it lacks, of Docker's."""
    ports: frozenset[Port] = frozenset()
    log_group: Annotated[Ref, refers_to("log_group")] | None = None
    log_prefix: str | None = None
    """The prefix of the names of its log streams."""
    log_region: str | None = None
    """The region of the log group."""
    health_check: ContainerHealthCheck | None = None
    others: Mapping[str, str] = {}
    """Live only: parameters that no field holds, as JSON by AWS's name. A new revision omits them."""
