"""What all models of the platform file share."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_SHOWN = 60  # characters of a value in a message


class Part(BaseModel):
    """A piece of the file: frozen, without unknown keys, and never 1 for true or "8080" for 8080."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, validate_default=False
    )


def quoted(text: str) -> str:
    """As much of the text as fits into a message."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


@dataclass(frozen=True)
class Form:
    """The form of a text, and how to tell a person about it; JSON Schema gets the pattern."""

    pattern: str
    right: str

    def check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise ValueError(f"{quoted(value)} is not right: {self.right}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$"}


# Stricter than most of AWS: these words end up in names of ECR, ELB and DNS, which allow no more.
NAME = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"

Name = Annotated[str, Form(NAME, "lower-case letters, digits and inner hyphens, such as order-processor")]
Region = Annotated[str, Form(r"[a-z]{2,4}(-[a-z]+)+-\d+", "a region's code, such as us-east-1")]
Account = Annotated[str, Form(r"\d{12}", "the 12 digits of an AWS account, in quotes")]
