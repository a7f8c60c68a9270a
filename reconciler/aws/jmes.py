"""Search with JMESPath, extended by functions for AWS's ARNs and IPv6 blocks."""

from ipaddress import IPv6Network
from typing import Any

import jmespath
from jmespath import functions


class _Functions(functions.Functions):  # type: ignore[misc]  # jmespath's way to add one; it is untyped
    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_after(self, text: str | None, mark: str) -> str | None:
        return text and text.partition(mark)[2]

    @functions.signature({"types": ["string", "null"]})  # type: ignore[untyped-decorator]
    def _func_slash_64s(self, block: str | None) -> str | None:
        return block and IPv6Network(block).exploded[: len("2600:1f18:1234:ab")]


_OPTIONS = jmespath.Options(custom_functions=_Functions())


def search(path: str, data: Any) -> Any:
    """Return what the path finds.

    In a path, `after(text, mark)` is the part of a text after its first mark, and `slash_64s(block)` what the
    /64s of an IPv6 /56 begin with: two hexadecimal digits and `::/64` complete it.
    """
    return jmespath.search(path, data, _OPTIONS)
