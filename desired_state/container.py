"""The containers of a task: the service's own and the X-Ray daemon."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, Seconds, ShortForm

# What CloudWatch Logs accepts, in days (PutRetentionPolicy).
RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
# A registry, a path, a tag and a digest (github.com/distribution/reference, reference.go).
_IMAGE = (
    r"([A-Za-z0-9.-]+(:\d+)?/)?[a-z0-9]+(([._/]|__|-+)[a-z0-9]+)*"
    r"(:\w[\w.-]{0,127})?(@[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-f]{32,})?"
)
ImageUri = Annotated[
    str, Pattern(_IMAGE, "an image as docker pull takes it, such as public.ecr.aws/nginx/nginx:1.27")
]


# Also `none`, which is what null gives: the key is written, so that one of AWS's own keys is what is wanted.
KmsKey = Annotated[
    str,
    Pattern(
        r"none|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/\S+",
        "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, or none",
    ),
]


RepositoryName = Annotated[
    str,
    Pattern(
        r"(?=.{2,256}$)[a-z0-9]+([._/-]+[a-z0-9]+)*",
        "the name of a repository of this account, such as shop/web",
    ),
]


class Image(Part):
    """The image of a service: a tag or a digest in its own ECR repository, or the URI of another image."""

    repository: Annotated[RepositoryName | None, Absent()] = None
    """Name of an ECR repository of this account and region that exists already and is not changed; the service
    then has no repository of its own."""

    tag: Annotated[
        Annotated[str, Pattern(r"\w[\w.-]{0,127}", "a tag of letters, digits, _ . and -, such as latest")]
        | None,
        Absent(word=False),
    ] = None
    """Tag in the repository; `latest` if tag, digest and uri are all left out."""

    digest: Annotated[
        Annotated[str, Pattern(r"sha256:[0-9a-f]{64}", "sha256: and 64 hexadecimal digits")] | None, Absent()
    ] = None
    """Digest in the repository, instead of a tag."""

    uri: Annotated[ImageUri | None, Absent()] = None
    """Complete URI of an image elsewhere; the service then has no repository of its own."""

    keep: int = Field(10, ge=1, le=1000)
    """Number of images that the repository's lifecycle policy keeps."""

    scan_on_push: bool = True
    """Let ECR scan each image that is pushed."""

    immutable_tags: Annotated[bool | None, Absent(value=False)] = None
    """Let ECR refuse to push a tag again; if left out, it is left as it is."""

    @model_validator(mode="before")
    @classmethod
    def _default_to_latest(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.keys() & {"tag", "digest", "uri"}:
            return {**data, "tag": "latest"}
        return data


LogGroupName = Annotated[str, Pattern(r"[\w./#-]{1,512}", "the name of a log group, such as /shared/logs")]


class Logs(Part):
    """The log group of a container."""

    existing: Annotated[LogGroupName | None, Absent(word=False)] = None
    """Name of a log group that exists already and is not changed, for the X-Ray daemon too."""

    retention_days: RetentionDays = 7
    """Number of days that CloudWatch Logs keeps log events."""

    kms: Annotated[KmsKey | None, Absent("none")] = None
    """ARN of the KMS key for new log events, the X-Ray daemon's too; if left out, it is left as it is."""


class XRay(Part):
    """The X-Ray daemon, a container of the same task that listens on 2000/udp."""

    image: ImageUri = "amazon/aws-xray-daemon:latest"
    """URI of the daemon's image."""

    cpu: int = Field(32, ge=1, le=16384)
    """CPU units of the task that are reserved for the daemon."""

    memory: Annotated[int, ShortForm("mebibytes")] = Field(128, ge=6, le=122_880)
    """Memory limit of the daemon, in MiB of the task; the container is killed if it uses more."""

    retention_days: RetentionDays = 3
    """Number of days that CloudWatch Logs keeps the daemon's log events."""


class Tracing(Part):
    """The tracing of requests."""

    xray: Annotated[XRay | None, Absent()] = None
    """The X-Ray daemon; if it is left out, requests are not traced."""


class ContainerHealthCheck(Part):
    """A command with which ECS checks the health of the container from inside."""

    command: Annotated[tuple[str, ...], ShortForm("check")] = Field(min_length=2)
    """CMD and the words of a command, or CMD-SHELL and one line for the shell."""

    interval: Seconds = Field(30, ge=5, le=300)
    """Number of seconds between two checks."""

    timeout: Seconds = Field(5, ge=2, le=60)
    """Number of seconds after which a check without a result counts as failed."""

    retries: int = Field(3, ge=1, le=10)
    """Number of failures in a row that make the container unhealthy."""

    start_period: Annotated[Seconds, Absent(0)] = Field(0, ge=0, le=300)
    """Number of seconds after the start in which failures do not count."""
