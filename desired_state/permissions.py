"""What the containers of a service may do and read."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from desired_state.part import Form, Part

SecretArn = Annotated[
    str,
    Form(
        r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@:!-]+|ssm:[a-z0-9-]+:\d{12}:parameter/[\w./-]+)",
        "the ARN of a secret or parameter, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME "
        "or arn:aws:ssm:REGION:ACCOUNT:parameter/NAME",
    ),
]
SecretPattern = Annotated[
    str,
    Form(
        r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9*-]+:(\d{12}|\*):secret:[\w/+=.@:!*?-]+"
        r"|ssm:[a-z0-9*-]+:(\d{12}|\*):parameter/[\w./*?-]+|kms:[a-z0-9-]+:\d{12}:key/[\w-]+)",
        "the ARN of a secret or parameter, which may hold *, such as arn:aws:ssm:REGION:ACCOUNT:parameter/shop/*, "
        "or of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID",
    ),
]


def _as_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Values = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Statement(Part):
    """A statement of the task role's policy, in IAM's words."""

    actions: tuple[Annotated[str, Form(r"\*|[\w-]+:[\w*?]+", "SERVICE:Action, such as s3:GetObject")], ...] = (
        Field(min_length=1)
    )
    """Actions, such as s3:GetObject or sqs:*."""

    resources: tuple[Annotated[str, Form(r"\*|arn:\S+", "an ARN or *")], ...] = Field(min_length=1)
    """ARNs, which may hold *, or "*"."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """Allow or Deny."""

    conditions: Mapping[str, Mapping[str, Values]] = {}
    """IAM's Condition block: operator, condition key, value or values."""
