"""Search with JMESPath, extended by one function for AWS's ARNs."""

from typing import Any

import jmespath
from jmespath import functions


class _Functions(functions.Functions):  # type: ignore[misc]  # jmespath's way to add one; it is untyped
    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_after(self, text: str | None, mark: str) -> str | None:
        return text and text.partition(mark)[2]


_OPTIONS = jmespath.Options(custom_functions=_Functions())


def search(path: str, data: Any) -> Any:
    """Return what the path finds. In a path, `after(text, mark)` is the part of a text after its first mark."""
    return jmespath.search(path, data, _OPTIONS)
