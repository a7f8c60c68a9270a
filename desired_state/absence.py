"""The meaning of null, and of the word `none`: there is nothing, whatever the defaults say."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class Absent:
    """Marks a field that can be absent: null and `none` give `value`. In all other fields null is a mistake."""

    value: Any = None
    word: bool = True  # False: only null does, as `none` is a text like any other here

    def read(self, written: Any) -> Any:
        """Return what is written, or the value that stands for its absence."""
        return self.value if is_none(written, word=self.word) else written

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"enum": [None, "none"] if self.word else [None]}]}


@dataclass(frozen=True)
class Entries:
    """Marks a mapping by names that people choose: null and `none` remove an entry that another file gives."""

    word: bool = True  # as for `Absent`

    def read(self, written: Any) -> Any:
        """Return the entries that are not removed."""
        if not isinstance(written, dict):
            return written
        return {key: value for key, value in written.items() if not is_none(value, word=self.word)}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))


def is_none(written: Any, *, word: bool = True) -> bool:
    """Tell whether a person wrote null, or the `word` none."""
    return written is None or (word and isinstance(written, str) and written == "none")
