"""Whether an event touched a resource and a field, and whether it set the value that was found."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from reconciler.aws.trail.event import TrailEvent, leaves, normalise, parse_json
from reconciler.model import tags
from reconciler.model.drift import Difference, Finding
from reconciler.model.references import Json, Ref
from reconciler.model.trail import TAGS, TouchedBy

REVISION = re.compile(r":\d+$")  # at the end of a task definition's name
TAKES_AWAY = re.compile("Delete|Detach|Disassociate|Remove|Reset|Revoke|Untag")


def is_of_resource(event: TrailEvent, difference: Difference, touched: TouchedBy) -> bool:
    """Tell whether a call names the resource or its ARN: in its parameters, or in the answer if it made it."""
    outputs = difference.outputs or {}
    names = {
        parameter.lower(): outputs.get(output, difference.address.name)
        for parameter, output in touched.named_by.items()
    }
    sent = [*leaves(event.sent)]
    told = [*leaves(event.answer)] if event.name in touched.made_by else []
    named = any(_is_name(value, names[key.lower()]) for key, value in sent if key.lower() in names)
    return (named or any(value in outputs.values() for _, value in told)) and _is_within(sent, outputs, touched)


def _is_name(value: str, name: str) -> bool:
    """Tell whether a value is a name, or an ARN that ends with it; of a task definition, with any revision."""
    bare = REVISION.sub("", value)
    return bool(name) and any(v == name or v.endswith((f"/{name}", f":{name}")) for v in (value, bare))


def _is_within(sent: Iterable[tuple[str, str]], outputs: Mapping[str, str], touched: TouchedBy) -> bool:
    """Tell whether what the resource is in is the one that the call names, if it names one and it is known."""
    known = {p.lower(): re.split("[/:]", outputs[o]) for p, o in touched.within.items() if o in outputs}
    return all(value.rpartition("/")[2] in known[key.lower()] for key, value in sent if key.lower() in known)


def is_of_field(event: TrailEvent, difference: Difference, touched: TouchedBy) -> bool:
    """Tell whether a call may have made the difference, given that it names the resource."""
    if difference.finding is not Finding.CHANGED or event.sent is None or event.name in touched.made_by:
        return True
    name, _, key = difference.path.partition(".")
    sent = [*leaves(event.sent)]
    if name == TAGS and key:
        return any(
            key == own or (key == value and own.lower().endswith(("key", "keys"))) for own, value in sent
        )
    if (parameter := touched.parameters.get(name)) is None:
        return True
    given = [value for own, value in _named(event.sent, parameter)]
    return bool(given) and (not key or not parameter.lower().endswith("name") or key in given)


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
    name, _, key = difference.path.partition(".")
    live = difference.live
    if live is None or live == "":
        return bool(TAKES_AWAY.search(event.name)) and (
            not key or any(key in pair for pair in leaves(event.sent))
        )
    parameter = touched.parameters.get(name, name.replace("_", ""))
    if isinstance(live, str | int | float | bool | Ref):
        owners = {parameter.lower(), key.lower()} - {""}
        given = [value for own, value in _named(event.sent, parameter)] + [
            v for o, v in leaves(event.sent) if o.lower() in owners
        ]
        return any(_is_name(value, _words(live)) for value in given)
    wanted = {value for _, value in _found(live, difference.want)}
    return bool(wanted) and wanted <= {value for _, value in _sent_values(event.sent)}


def _words(value: Any) -> str:
    return value.name if isinstance(value, Ref) else normalise(value)


def _found(live: Any, want: Any) -> Iterable[tuple[str, str]]:
    """Yield the single values of what was found and is not wanted: of sets and mappings, what was added."""
    if isinstance(live, set | frozenset):
        live = live - want if isinstance(want, set | frozenset) else live
    elif isinstance(live, Mapping) and isinstance(want, Mapping):
        live = {key: value for key, value in live.items() if want.get(key) != value}
    return leaves(_plain(live))


def _plain(value: Any) -> Any:
    """Return a value of a spec without models and Refs, and without what is empty or default in it."""
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


def _sent_values(sent: Any) -> Iterable[tuple[str, str]]:
    """Yield the single values of a request, also those in documents that it holds as JSON texts."""
    for name, value in leaves(sent):
        yield name, value
        document = parse_json(value) if value[:1] in ("{", "[") else None
        yield from leaves(document)


def made_for(event: TrailEvent, difference: Difference, stack: str) -> bool:
    """Tell whether a call made the resource of this name in the stack, by the tags that it gave it."""
    given = {*leaves(event.sent)}
    return {(tags.NAME, difference.address.name), (tags.STACK, stack)} <= given
