"""Secrets that a container gets as variables: from Secrets Manager, or from SSM's parameters."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, WrongValue
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

_NAME = r"[\w/+=.@!-]{1,512}"
_LIKE_A_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")  # which Secrets Manager adds to the name, for the secret's ARN


def _check_name(value: str) -> str:
    """Return the name or ARN. Raises `ValueError` for a name that Secrets Manager takes for the end of an ARN.

    ECS asks by ARN, and one without its last seven characters will do, but for such names (Secrets Manager user
    guide, "What's in a Secrets Manager secret?").
    """
    if not value.startswith("arn:") and not is_unresolved(value) and _LIKE_A_SUFFIX.search(value):
        raise WrongValue(
            f"ends with {value[-7:]}, which Secrets Manager takes for the end of an ARN: write the secret's ARN"
        )
    return value


SecretName = Annotated[
    str,
    Pattern(
        rf"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{{12}}:secret:{_NAME}|{_NAME}",
        "the name of a secret in Secrets Manager, such as shop/api, or its ARN, without a part after it",
    ),
    AfterValidator(_check_name),
]


class Secret(Part):
    """The value of a variable that is kept elsewhere; as a text, it is `value_from`."""

    value_from: Annotated[SecretReference | None, Absent()] = None
    """ARN of a secret, with :KEY:STAGE:VERSION after it for a part, or an SSM parameter, by /NAME or ARN."""

    secret: Annotated[SecretName | None, Absent()] = None
    """Name or ARN of a secret in Secrets Manager, instead of value_from."""

    key: Annotated[Annotated[str, Pattern(r"[^\s:]+", "a key, without spaces or :")] | None, Absent()] = None
    """Key of the secret's JSON whose value is wanted; if left out, the whole text."""

    @property
    def reference(self) -> str:
        """What names it: its ARN, or its name."""
        return self.value_from or self.secret or ""

    @property
    def store(self) -> Literal["secretsmanager", "ssm"]:
        """The AWS service that keeps it."""
        return "secretsmanager" if self.secret or ":secretsmanager:" in self.reference else "ssm"
