"""References to values that others keep in AWS: {ssm:/NAME} and {cloudformation:STACK.OUTPUT}."""

import re
from dataclasses import dataclass
from typing import Literal, Self

Source = Literal["ssm", "cloudformation"]

# What has to be asked of AWS: a reference, and the account where the file names none.
_UNKNOWN = re.compile(r"\{(?:(?:ssm|cloudformation):[^{}]*|account)\}")
_REFERENCE = re.compile(
    r"(?P<source>ssm):(?P<name>(?:/[\w.-]+)+)|(?P<other>cloudformation):(?P<output>[A-Za-z][A-Za-z0-9-]*\.[A-Za-z0-9]+)",
    re.ASCII,
)
FORMS = "{ssm:/NAME} or {cloudformation:STACK.OUTPUT}"


@dataclass(frozen=True, order=True)
class Reference:
    """A value that others keep in AWS, in the platform's region."""

    source: Source
    name: str  # of an SSM parameter, such as /shop/db; or of a stack and its output, such as base.VpcId

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the reference of a placeholder's text, such as ssm:/shop/db; None if it is not a whole one."""
        found = _REFERENCE.fullmatch(text)
        if not found:
            return None
        return cls("ssm", found["name"]) if found["source"] else cls("cloudformation", found["output"])

    def __str__(self) -> str:
        return f"{{{self.text}}}"

    @property
    def text(self) -> str:
        """The placeholder without its braces."""
        return f"{self.source}:{self.name}"

    @property
    def stack(self) -> str:
        """Name of the CloudFormation stack."""
        return self.name.rpartition(".")[0]

    @property
    def output(self) -> str:
        """Key of the stack's output."""
        return self.name.rpartition(".")[2]


def is_unresolved(value: str) -> bool:
    """Tell whether a text holds a placeholder whose value only AWS knows: any form of it may be right."""
    return bool(_UNKNOWN.search(value))
