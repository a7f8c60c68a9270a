"""Drift: what of it is ignored, when it may be corrected, who is told, and the job that AWS itself runs."""

from typing import Annotated, Literal

from pydantic import Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, Seconds

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
        r"[a-z0-9][a-z0-9._:/-]*(:[\w.-]+|@sha256:[0-9a-f]{64})",
        "an image with its tag or digest, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/drift:v1",
    ),
]
ReferenceName = Annotated[str, Pattern(r"[\w/.+=@:-]+", "a name")]


class HiddenUrl(Part):
    """A URL, which holds a secret and is therefore never written into the file."""

    env: ReferenceName | None = None
    """Name of an environment variable of the process that has it."""

    secret: ReferenceName | None = None
    """Name or ARN of a Secrets Manager secret that has it."""


class Notified(Part):
    """Who is told when drift appears and when it is gone: an SNS topic, a webhook or a Slack channel."""

    sns: Annotated[str, Pattern(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:\S+", "the ARN of a topic")] | None = (
        None
    )
    """ARN of an SNS topic."""

    webhook: HiddenUrl | None = None
    """URL that receives a signed JSON document."""

    key: HiddenUrl | None = None
    """Key that signs what the webhook receives."""

    slack: HiddenUrl | None = None
    """URL of a Slack channel's incoming webhook."""


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

    notify: tuple[Notified, ...] = ()
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

    notify: tuple[Notified, ...] | None = None
    """As in `drift.notify`, for the job only."""
