"""Short forms: one scalar where the models have a list, a mapping or a number. They are written out first."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from desired_state.absence import is_none
from desired_state.part import Part
from desired_state.places import Place, find_place_below
from desired_state.tree import Located, located

_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}  # seconds
_MEBIBYTES = {"m": 1, "g": 1024}
_MEBIBYTES_PER_GIBIBYTE = 1024
UNITS_PER_VCPU = 1024
_DURATION = "".join(rf"(?:(?P<{unit}>\d{{1,9}}){unit})?" for unit in _UNITS)


def expand(tree: Located, model: type[Part]) -> Located:
    """Return the tree with its short forms written out. What is no short form is left for validation."""
    return _expand(tree, Place(model))


def _expand(node: Located, place: Place) -> Located:
    match node.value:
        case dict():
            return replace(node, value={key: _expand_below(v, place, key) for key, v in node.value.items()})
        case tuple() if place.form == "ids":  # a list, where the model has a mapping
            return replace(node, value={"ids": replace(node, where=(*node.where, "ids"))})
        case tuple():
            return replace(node, value=tuple(_expand_below(v, place, i) for i, v in enumerate(node.value)))
    form = SHORT_FORMS.get(place.form or "")
    value = form(node) if form and not is_none(node.value) else None
    return node if value is None else located(value, node)


def _expand_below(child: Located, place: Place, key: str | int) -> Located:
    below = find_place_below(place, key)
    return _expand(child, below) if below else child


def parse_seconds(node: Located) -> int | None:
    """Return the seconds of 30s, 10m, 1h or 1h30m; None for anything else."""
    found = (
        re.fullmatch(_DURATION, node.value, re.ASCII) if node.value and isinstance(node.value, str) else None
    )
    return sum(int(n) * _UNITS[unit] for unit, n in found.groupdict(default="0").items()) if found else None


def _parse_mebibytes(node: Located) -> int | None:
    """Return the MiB of 512M, 512 MiB or 0.5GB, as compose and ECS write them: all mean powers of two."""
    found = re.fullmatch(r"(\d{0,6}\.?\d{1,3}) ?([mg])(?:i?b?)", str(node.value), re.ASCII | re.IGNORECASE)
    return _multiply(found[1], _MEBIBYTES[found[2].lower()]) if found else None


def _parse_gibibytes(node: Located) -> int | None:
    """Return the GiB of 50G or 50 GiB."""
    mebibytes = _parse_mebibytes(node)
    whole = mebibytes is not None and mebibytes % _MEBIBYTES_PER_GIBIBYTE == 0
    return mebibytes // _MEBIBYTES_PER_GIBIBYTE if mebibytes is not None and whole else None


def _parse_units(node: Located) -> int | None:
    """Return the CPU units of 1 vCPU or .5 vCPU, as ECS writes them."""
    found = re.fullmatch(r"(\d{0,3}\.?\d{1,5}) ?vcpu", str(node.value), re.ASCII | re.IGNORECASE)
    return _multiply(found[1], UNITS_PER_VCPU) if found else None


def _multiply(number: str, by: int) -> int | None:
    """Return the product; None if it is no whole number."""
    product = Decimal(number) * by
    return int(product) if product == int(product) else None


def split_words(node: Located) -> list[str] | None:
    """Return the words of a command as a shell splits them; None if a quotation in it does not end."""
    try:
        return shlex.split(node.value) or None if isinstance(node.value, str) else None
    except ValueError:
        return None


def _write_text(node: Located) -> str | None:
    """Return a number or a boolean as the text that the file has for it."""
    return node.text if isinstance(node.value, int | float) else None


def _write_values(node: Located) -> list[str] | None:
    """Return a single text, number or boolean as a list of it."""
    text = node.value if isinstance(node.value, str) else _write_text(node)
    return None if text is None else [text]


def _write_limit(node: Located) -> dict[str, int] | None:
    """Return a number as the soft limit, as compose reads it: the hard one is the same."""
    return {"soft": node.value} if type(node.value) is int else None


def _if_text(write_out: Callable[[str], Any]) -> Callable[[Located], Any]:
    return lambda node: write_out(node.value) if isinstance(node.value, str) else None


SHORT_FORMS: Mapping[str, Callable[[Located], Any]] = {
    "seconds": parse_seconds,
    "mebibytes": _parse_mebibytes,
    "gibibytes": _parse_gibibytes,
    "units": _parse_units,
    "limit": _write_limit,
    "words": split_words,
    "text": _write_text,
    "bucket": _if_text(lambda name: {"bucket": name}),
    "image": _if_text(lambda uri: {"uri": uri}),
    "files": _if_text(lambda name: [name]),
    "values": _write_values,
    "secret": _if_text(lambda reference: {"value_from": reference}),
    "client_secret": _if_text(lambda name: {"secret": name}),
    "check": _if_text(lambda line: ["CMD-SHELL", line]),  # as compose reads a test that is a text
    "route": _if_text(lambda path: {"paths": [path]}),
    "strategy": _if_text(lambda provider: {provider: {"weight": 1}}),
    "id": _if_text(lambda own_id: {"id": own_id}),
    "ids": _if_text(lambda own_id: {"ids": [own_id]}),
    "port": lambda node: {"port": node.value} if type(node.value) is int else None,
    "topic": _if_text(lambda arn: {"sns": arn}),
    "redirect": _if_text({"https": {"protocol": "HTTPS", "port": 443}}.get),
}
"""Functions that return what a scalar stands for, or None if it stands for nothing, by names of ShortForm."""

EXPECTED_FORMS = {
    "seconds": "a number of seconds, or a duration such as 30s, 10m or 1h",
    "mebibytes": "a whole number of MiB, or a size such as 512M or 2G",
    "gibibytes": "a whole number of GiB, or a size such as 50G",
    "limit": "a number, or a mapping of soft and hard",
    "files": "a list of names of files",
    "values": "a list of texts",
    "secret": "an ARN, the name of a parameter, or a mapping of secret and key",
    "client_secret": "the name or ARN of a secret, or a mapping of secret and key",
    "words": "a list of words, or a text with its quotation marks in pairs",
    "redirect": "a mapping of keys, or https",
    "port": "a port's number, or a mapping of keys",
}
"""What is right where a short form may be written, by names of ShortForm; else what the model takes."""
