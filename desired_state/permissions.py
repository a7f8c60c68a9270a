"""The permissions of a service: statements of its task role, and references to secrets."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern
from desired_state.references import is_unresolved

_SECRET_PARTS, _SELECTORS = 7, 3  # of the ARN of a secret, and of what ECS takes after it

_FORMS = (
    "the ARN of a secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, with :KEY:STAGE:VERSION after it "
    "for a part of it; or the name of an SSM parameter that begins with /, such as /shop/db, or the ARN of any, "
    "arn:aws:ssm:REGION:ACCOUNT:parameter/NAME"
)


def _check_selectors(value: str) -> str:
    """Return the reference. Raises `ValueError` if what follows a secret's ARN is not as ECS wants it.

    All three colons are needed, and a stage and a version id exclude each other (ECS developer guide, "Pass
    Secrets Manager secrets"); tasks fail otherwise.
    """
    if ":secretsmanager:" not in value or is_unresolved(value):
        return value
    secret, selectors = value.split(":")[:_SECRET_PARTS], value.split(":")[_SECRET_PARTS:]
    if selectors and len(selectors) != _SELECTORS:
        right = ":".join([*secret, *[*selectors, "", ""][:_SELECTORS]])
        raise ValueError(
            f"ECS wants three parts after the secret, :KEY:STAGE:VERSION, also empty ones: {right}"
        )
    if selectors and all(selectors[1:]):
        raise ValueError("give a version stage or a version id, not both: leave one of them empty")
    return value


SecretReference = Annotated[
    str,
    Pattern(
        r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+(:[^:\s]*)*"
        r"|ssm:[a-z0-9-]+:\d{12}:parameter(/[\w.-]+)+)"
        r"|(/[\w.-]+)+",  # a bare word would let a password that is written here pass for a name
        _FORMS,
    ),
    AfterValidator(_check_selectors),
]
PolicyArn = Annotated[
    str,
    Pattern(
        r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+",
        "the ARN of a managed policy, such as arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    ),
]
SecretPattern = Annotated[
    str,
    Pattern(
        r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9*-]+:(\d{12}|\*):secret:[\w/+=.@:!*?-]+"
        r"|ssm:[a-z0-9*-]+:(\d{12}|\*):parameter/[\w./*?-]+|kms:[a-z0-9-]+:\d{12}:key/[\w-]+)",
        "the ARN of a secret or parameter, which may hold *, such as arn:aws:ssm:REGION:ACCOUNT:parameter/shop/*, "
        "or of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID",
    ),
]


def _wrap_text(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Values = Annotated[tuple[str, ...], BeforeValidator(_wrap_text), Field(min_length=1)]


class Statement(Part):
    """A statement of the task role's policy, with IAM's elements."""

    actions: tuple[
        Annotated[str, Pattern(r"\*|[\w-]+:[\w*?]+", "SERVICE:Action, such as s3:GetObject")], ...
    ] = Field(min_length=1)
    """Actions, such as s3:GetObject or sqs:*."""

    resources: tuple[Annotated[str, Pattern(r"\*|arn:\S+", "an ARN or *")], ...] = Field(min_length=1)
    """ARNs, which may hold *, or "*"."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """IAM's Effect: Allow or Deny."""

    conditions: Annotated[Mapping[str, Mapping[str, Values]], Absent({})] = {}
    """IAM's Condition element: values by operator and condition key."""
