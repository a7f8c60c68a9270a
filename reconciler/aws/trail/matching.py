"""Whether an event touched a resource and a field, and whether it set the value that was found."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from reconciler.aws.trail.event import TrailEvent, leaves, normalise, parse_json
from reconciler.model import tags
from reconciler.model.drift import Difference, Finding
from reconciler.model.references import Json, Ref
from reconciler.model.trail import TAGS, TouchedBy

REVISION = re.compile(r":\d+$")  # at the end of a task definition's name
TAKES_AWAY = re.compile("Delete|Detach|Disassociate|Remove|Reset|Revoke|Untag")
LONG_TEXT = 3  # characters; a longer one is hardly the value of another parameter by chance


def is_of_resource(event: TrailEvent, difference: Difference, touched: TouchedBy) -> bool:
    """Tell whether a call names the resource or its ARN: in its parameters, or in the answer if it made it."""
    outputs = difference.outputs or {}
    names = {
        parameter.lower(): outputs.get(output, difference.address.name)
        for parameter, output in touched.named_by.items()
    }
    sent = [*leaves(event.sent)]
    told = [*leaves(event.answer)] if event.name in touched.made_by else []
    named = any(_are_one(value, names[key.lower()]) for key, value in sent if key.lower() in names)
    return (named or any(value in outputs.values() for _, value in told)) and _is_within(sent, outputs, touched)


def _are_one(value: str, known: str) -> bool:
    """Tell whether a value names the resource that has this name, ARN or id."""
    return _is_name(value, known) or (known.startswith("arn:") and _is_name(known, value))


def _is_name(value: str, name: str) -> bool:
    """Tell whether a value is a name, or an ARN that ends with it; of a task definition, with any revision.

    A name in DNS may end in a dot.
    """
    spelt = (value, REVISION.sub("", value), value.removesuffix("."))
    return bool(name) and any(v == name or v.endswith((f"/{name}", f":{name}")) for v in spelt)


def _is_within(sent: Iterable[tuple[str, str]], outputs: Mapping[str, str], touched: TouchedBy) -> bool:
    """Tell whether what the resource is in is the one that the call names, if it names one and it is known."""
    known = {p.lower(): re.split("[/:]", outputs[o]) for p, o in touched.within.items() if o in outputs}
    return all(value.rpartition("/")[2] in known[key.lower()] for key, value in sent if key.lower() in known)


def is_of_field(event: TrailEvent, difference: Difference, touched: TouchedBy) -> bool:
    """Tell whether a call may have made the difference, given that it names the resource."""
    if difference.finding is not Finding.CHANGED or event.sent is None or event.name in touched.made_by:
        return True
    name, key = _find_field(difference)
    if name == TAGS and key:
        return any(key in pair for pair in leaves(event.sent))
    parameter = touched.parameters.get(name)
    if parameter is None:
        return True
    given = [value for _, value in _named(event.sent, parameter)]
    if TAKES_AWAY.search(event.name) and not given:
        return True
    return bool(given) and (not parameter.endswith("Name") or key in ("", *given))


def _find_field(difference: Difference) -> tuple[str, str]:
    """Return the field of a difference and the first key in it, which may be empty."""
    where = [str(each) for each in difference.where] or difference.path.split(".")
    is_keyed = len(where) > 1 + difference.item
    return where[0], where[1] if is_keyed else ""


def _named(sent: Any, parameter: str) -> list[tuple[str, str]]:
    """Return the values in the parameter of this name, wherever it stands; of an empty one, an empty value."""
    found: list[tuple[str, str]] = []
    if isinstance(sent, Mapping):
        for key, value in sent.items():
            found += (
                ([*leaves(value, key)] or [(key, "")])
                if key.lower() == parameter.lower()
                else _named(value, parameter)
            )
    elif isinstance(sent, list):
        found = [pair for item in sent for pair in _named(item, parameter)]
    return found


def sets_value(event: TrailEvent, difference: Difference, touched: TouchedBy) -> bool:
    """Tell whether a call that may have made the difference set just the value that was found."""
    if difference.finding is Finding.MISSING:
        return event.name in touched.deleted_by
    if difference.finding is Finding.ORPHANED:
        return event.name in touched.made_by
    live, sent = difference.live, {*_sent_values(event.sent)}
    if live is None or live == "":
        return bool(TAKES_AWAY.search(event.name)) and _speaks_of(sent, difference)
    if (
        isinstance(live, str | int | float | bool)
        and not isinstance(parse_json(live), Mapping)
        and not difference.item
    ):
        return _sets_single(sent, normalise(live), _owners(difference, touched))
    wanted = {
        value for _, value in _sent_values(_plain(live)) if value and not isinstance(parse_json(value), Mapping)
    }
    return bool(wanted) and all(
        any(_is_name(value, each) or _is_name(each, value) for _, value in sent) for each in wanted
    )


def _owners(difference: Difference, touched: TouchedBy) -> set[str]:
    """Return the parameters that can hold a single value, in small letters: of its field, or its last key."""
    name, key = _find_field(difference)
    last = str(difference.where[-1]) if difference.where else key or name
    return {touched.parameters.get(name, "").lower(), last.lower(), last.replace("_", "").lower()} - {""}


def _sets_single(sent: Iterable[tuple[str, str]], live: str, owners: set[str]) -> bool:
    """Tell whether a parameter of these has the value; a longer text may be in any."""
    return any(value == live and (name.lower() in owners or len(live) > LONG_TEXT) for name, value in sent)


def _speaks_of(sent: Iterable[tuple[str, str]], difference: Difference) -> bool:
    """Tell whether a call that takes something away names the key or the item that is gone, if it is one."""
    pairs = {each for pair in sent for each in pair}
    if difference.item:
        return {value for _, value in leaves(_plain(difference.want)) if value} <= pairs
    _, key = _find_field(difference)
    return not key or key in pairs


def _plain(value: Any) -> Any:
    """Return a value of a spec as mappings, lists and texts, with the fields that were set only."""
    match value:
        case Ref():
            return value.name
        case Json():
            return _plain(value.value)
        case BaseModel():
            return {key: _plain(getattr(value, key)) for key in value.model_fields_set}
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner) for inner in value]
    return value


def _sent_values(sent: Any) -> Iterator[tuple[str, str]]:
    """Yield the single values of a request, and those in documents that it holds as JSON texts."""
    for name, value in leaves(sent):
        yield name, value
        yield from leaves(document) if isinstance(document := parse_json(value), Mapping) else ()


def made_for(event: TrailEvent, difference: Difference, stack: str) -> bool:
    """Tell whether a call made the resource of this name in the stack, by the tags that it gave it."""
    given = {*leaves(event.sent)}
    return {(tags.NAME, difference.address.name), (tags.STACK, stack)} <= given
