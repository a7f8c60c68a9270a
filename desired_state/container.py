"""The containers of a task: the service's own and the X-Ray daemon."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from desired_state.part import Form, Part

# What CloudWatch Logs accepts, in days (PutRetentionPolicy).
RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
ImageUri = Annotated[
    str, Form(r"[^\s:/][^\s]*", "an image as docker pull takes it, such as public.ecr.aws/nginx/nginx:1.27")
]


class Image(Part):
    """The image of a service: a tag or a digest in its own ECR repository, or a foreign URI."""

    tag: (
        Annotated[str, Form(r"\w[\w.-]{0,127}", "a tag of letters, digits, _ . and -, such as latest")] | None
    ) = None
    """Tag in the service's own repository; `latest` if there is neither tag, digest nor uri."""

    digest: Annotated[str, Form(r"sha256:[0-9a-f]{64}", "sha256: and 64 hexadecimal digits")] | None = None
    """Digest in the service's own repository, instead of a tag."""

    uri: ImageUri | None = None
    """An image of another registry or account, whole; the service then has no repository of its own."""

    keep: int = Field(10, ge=1, le=1000)
    """Images that the repository's lifecycle policy keeps."""

    scan_on_push: bool = True
    """Whether ECR scans what is pushed."""

    @model_validator(mode="before")
    @classmethod
    def _latest(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.keys() & {"tag", "digest", "uri"}:
            return {**data, "tag": "latest"}
        return data


class Logs(Part):
    """The log group of a container."""

    retention_days: RetentionDays = 7
    """Days that CloudWatch Logs keeps events."""


class XRay(Part):
    """The X-Ray daemon beside the service's container; it listens on 2000/udp."""

    image: ImageUri = "amazon/aws-xray-daemon:latest"
    """Image of the daemon."""

    cpu: int = Field(32, ge=1, le=16384)
    """CPU units out of the task's."""

    memory: int = Field(128, ge=6, le=122_880)
    """MiB out of the task's; the container is killed beyond it."""

    retention_days: RetentionDays = 3
    """Days that CloudWatch Logs keeps the daemon's events."""


class Tracing(Part):
    """How requests are traced."""

    xray: XRay | None = None
    """The X-Ray daemon; without it nothing traces."""


class ContainerHealthCheck(Part):
    """A command that ECS runs inside the container."""

    command: tuple[str, ...] = Field(min_length=2)
    """CMD and its words, or CMD-SHELL and one line for the shell."""

    interval: int = Field(30, ge=5, le=300)
    """Seconds between two checks."""

    timeout: int = Field(5, ge=2, le=60)
    """Seconds after which a check has failed."""

    retries: int = Field(3, ge=1, le=10)
    """Failures in a row that make the container unhealthy."""

    start_period: int = Field(0, ge=0, le=300)
    """Seconds after the start in which failures do not count."""
