"""The permissions of a service: statements of its task role, and patterns of secrets."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern

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
