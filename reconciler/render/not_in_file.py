"""What the file leaves open and AWS has otherwise than by default: told in a plan, and left as it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.model.aws_default import NotInFile
from reconciler.model.references import Address, first_addresses
from reconciler.render.redaction import redact_field
from reconciler.render.values import format_value, to_json_value

ADDRESSES_NAMED = 3  # of the resources that have one value in common

Line = tuple[str, str, str, str]  # field, live value, default and key, as they are shown


def format_not_in_file(open_values: Iterable[NotInFile], *, show_values: bool = False) -> Iterator[str]:
    """Yield the section of a text: one line for each value, with all resources that have it."""
    by_line: dict[Line, list[Address]] = {}
    for found in open_values:
        live = format_value(_live(found, show_values=show_values))
        line = found.field, live, format_value(found.default or None), found.key
        by_line.setdefault(line, []).append(found.address)
    if by_line:
        yield "Not in the file, and left as it is:"
        for (field, live, default, key), addresses in by_line.items():
            named = f"   (to set it: {key})" if key else ""
            yield f"    {first_addresses(addresses, ADDRESSES_NAMED)}: {field} is {live}, by default {default}{named}"
        yield ""


def not_in_file_document(
    open_values: Iterable[NotInFile], *, show_values: bool = False
) -> list[dict[str, Any]]:
    """Return each value; `key` is the key of the file that names it, or null."""
    return [
        {
            "address": str(found.address),
            "field": found.field,
            "live": to_json_value(_live(found, show_values=show_values)),
            "default": to_json_value(found.default),
            "key": found.key or None,
        }
        for found in open_values
    ]


def _live(found: NotInFile, *, show_values: bool) -> Any:
    return found.live if show_values else redact_field(found.field, found.live)
