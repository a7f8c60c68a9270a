"""Drift: what of it is ignored, when it may be corrected, who is told, and the job that AWS itself runs."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, Seconds, ShortForm

Corrections = Literal["none", "safe", "security"]
FieldPattern = Annotated[
    str,
    Pattern(
        r"[a-z_*]+\.[^.\s]+(\.\S.*)?",
        "a resource type, a name and a field, such as service.web.desired_count or log_group.*.tags.*",
    ),
]
WindowText = Annotated[
    str,
    Pattern(
        r"\S+ \d\d:\d\d-\d\d:\d\d \S+", "days, hours and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin"
    ),
]
JobImage = Annotated[
    str,
    Pattern(
        r"[a-z0-9][a-z0-9._-]*(:\d+/)?[a-z0-9._/-]*(:[\w.-]+|(:[\w.-]+)?@sha256:[0-9a-f]{64})",
        "an image with its tag or digest, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/drift:v1",
    ),
]
ReferenceName = Annotated[str, Pattern(r"[\w/.+=@:-]+", "a name")]


class Hidden(Part):
    """A value that holds a secret, and is therefore never written into the file."""

    env: Annotated[ReferenceName | None, Absent()] = None
    """Name of an environment variable of the process that has it."""

    secret: Annotated[ReferenceName | None, Absent()] = None
    """Name or ARN of a Secrets Manager secret that has it."""


def _refuse_literal(written: Any) -> Any:
    """Return what is written. Raises `ValueError` for a text, which it does not repeat: it may be a secret."""
    if isinstance(written, str):
        raise ValueError(_NO_LITERAL)  # noqa: TRY004 - pydantic takes it for a mistake in the file
    return written


def _refuse_url(written: Any) -> Any:
    if isinstance(written, str) and "://" in written:
        raise ValueError(_NO_LITERAL)
    return written


_NO_LITERAL = (
    "a URL or a key is a secret, which the file may not hold: write {env: NAME} for a variable of the process "
    "that has it, or `secret` with the name of one of Secrets Manager"
)
HiddenValue = Annotated[Hidden, BeforeValidator(_refuse_literal)]
TopicArn = Annotated[
    str,
    BeforeValidator(_refuse_url),
    Pattern(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}", "the ARN of an SNS topic that is not FIFO"),
]


class Notified(Part):
    """Who is told when drift appears and when it is gone: an SNS topic, a webhook or a Slack channel."""

    sns: Annotated[TopicArn | None, Absent()] = None
    """ARN of an SNS topic; the ARN alone is a short form of this."""

    webhook: Annotated[HiddenValue | None, Absent()] = None
    """URL that receives a signed JSON document."""

    key: Annotated[HiddenValue | None, Absent()] = None
    """Key that signs what the webhook receives."""

    slack: Annotated[HiddenValue | None, Absent()] = None
    """URL of a Slack channel's incoming webhook."""

    private: bool = False
    """Let the URL lead to a private address, as of a receiver in the same network."""


NotifiedForm = Annotated[Notified, ShortForm("topic")]


class Drift(Part):
    """How drift is reported and corrected."""

    ignore: tuple[FieldPattern, ...] = ()
    """Fields that may differ, as type.name.field, with * for any text; the name is that of the resource or of
    its service. They are listed as ignored, and left alone."""

    windows: tuple[WindowText, ...] = ()
    """Times when corrections may run; none: always. Corrections of security do not wait for them."""

    correct: Corrections = "safe"
    """What --correct may put right: nothing, all that needs no deletion, no replacement and no restart of
    tasks, or of that only what concerns security."""

    notify: tuple[NotifiedForm, ...] = ()
    """Who is told when drift appears, and when it is gone."""


class DriftCorrection(Part):
    """The job that AWS runs on the platform's own cluster, by a schedule."""

    every: Seconds = Field(900, ge=60, le=86_400)
    """Number of seconds between two rounds, in whole minutes."""

    image: Annotated[JobImage | None, Absent()] = None
    """Image of this program with the file in it; if left out, the tag `latest` of a repository that the stack
    makes for it."""

    correct: Annotated[Corrections | None, Absent("none")] = None
    """As in `drift.correct`, for the job only."""

    events: bool = False
    """Let EventBridge tell of changes at once, through a queue."""

    notify: Annotated[tuple[NotifiedForm, ...] | None, Absent(())] = None
    """As in `drift.notify`, for the job only."""
