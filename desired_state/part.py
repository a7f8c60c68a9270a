"""The base of all models of the platform file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from desired_state.docstrings import read_docstrings
from desired_state.references import is_unresolved

SHORT_FORM = "x-short-form"  # the key of the JSON schema that names the short form of a value
PLACEHOLDERS = r"|\{[a-z]+[.:}]"  # in the JSON schema, for editors: values that placeholders are in
_MAX_QUOTED = 60  # characters of a value that a message shows


class Part(BaseModel):
    """A part of the file: frozen, strict (1 is not true, "8080" is not 8080) and without unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        validate_default=False,
        hide_input_in_errors=True,
    )
    further_keys: ClassVar[Mapping[str, Any]] = {}  # key -> type: written in the file, and then merged away

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON schema with the docstrings of the keys. Pydantic would read them at each start."""
        found = handler(schema)
        properties = handler.resolve_ref_schema(found)["properties"]
        owners = [owner for owner in reversed(cls.__mro__) if issubclass(owner, Part)]
        for (key, field), owner in product(cls.model_fields.items(), owners):
            if text := read_docstrings(owner.__module__).get((owner.__name__, key)):
                properties[field.alias or key]["description"] = text
        return found


class WrongValue(ValueError):
    """Raised by validators. The text follows the value, which is not in it: "is not right: …".

    `candidates` are values that may be meant instead, the likeliest first; see `suggestions.choose`.
    """

    def __init__(self, text: str, candidates: Sequence[object] = ()) -> None:
        super().__init__(text)
        self.candidates = candidates


def quote(text: str) -> str:
    """Return the text in quotes, cut to the length that fits into a message."""
    return repr(text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "…")


@dataclass(frozen=True)
class Pattern:
    """A regular expression for a text, also in the JSON schema, and the description of a right value."""

    pattern: str
    expected: str
    fixed: bool = False  # True: it has to be known before AWS is asked for anything

    def check(self, value: str) -> str:
        """Return the value. Raises `ValueError` if it does not match.

        One with a placeholder that only AWS knows is right until it is known, and then looked at again.
        """
        if not self.fixed and is_unresolved(value):
            return value
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise WrongValue(f"is not right: {self.expected}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        pattern = f"^(?:{self.pattern})$" + ("" if self.fixed else PLACEHOLDERS)
        examples = self.list_examples()
        return {**handler(schema), "pattern": pattern, **({"examples": examples} if examples else {})}

    def list_examples(self) -> list[str]:
        """Return the right values that the description names, those after "such as" first."""
        words = self.expected.replace("REGION", "us-east-1").replace("ACCOUNT", "123456789012")
        texts = re.findall(r"such as (\S+)", words) + re.findall(r"(?<!\w)arn:\S+", words)
        return [text for text in (t.rstrip(",;") for t in texts) if re.fullmatch(self.pattern, text, re.ASCII)]


@dataclass(frozen=True)
class ShortForm:
    """Marks a value that a file may also write as one scalar, which `short_forms.SHORT_FORMS` writes out."""

    name: str  # a key of SHORT_FORMS
    types: tuple[str, ...] = ("string",)  # of the scalar, in words of JSON schema

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), *({"type": kind} for kind in self.types)], SHORT_FORM: self.name}


Seconds = Annotated[int, ShortForm("seconds")]  # also as 30s, 10m or 1h

# Stricter than most of AWS: these words end up in names of ECR, ELB and DNS, which allow no more.
NAME_PATTERN = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"

Name = Annotated[
    str,
    Pattern(NAME_PATTERN, "lower-case letters, digits and inner hyphens, such as order-processor", fixed=True),
]
Region = Annotated[str, Pattern(r"[a-z]{2,4}(-[a-z]+)+-\d+", "a region's code, such as us-east-1", fixed=True)]
ACCOUNT_PATTERN = r"\d{12}"
Account = Annotated[str, Pattern(ACCOUNT_PATTERN, "the 12 digits of an AWS account, in quotes", fixed=True)]
