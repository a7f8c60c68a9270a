"""Stand-ins for the values that only AWS knows, for a rehearsal, which asks AWS for nothing."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from desired_state.platform import Platform
from desired_state.references import Reference
from desired_state.schema import Schema, find_schema, get_schema
from desired_state.values import Mention

_WHOLE = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")  # a value that is one placeholder and nothing else
_AWS_ID = re.compile(r"(?P<type>[a-z]+-)[0-9a-f]{8,17}")


def choose_stand_ins(platform: Platform, account: str) -> Mapping[str, str]:
    """Return a value for each placeholder that only AWS knows, of the form that is right where it stands.

    References to different ids get different ones. In a text it is the placeholder without its braces.
    """
    schema = get_schema(Platform)
    chosen = {one.text: _choose(one, mentions, schema) for one, mentions in platform.references.items()}
    return {**chosen, "account": account}


def _choose(reference: Reference, mentions: Iterable[Mention], schema: Schema) -> str:
    for where, node in mentions:
        rule = find_schema(schema, where)
        if "pattern" not in rule:
            continue
        if not _WHOLE.fullmatch(node.value):
            return "x"
        if examples := rule.get("examples"):
            return _make_unique(examples[0], reference)
    return reference.text


def _make_unique(example: str, reference: Reference) -> str:
    """Return another id of the same type, if it is one that AWS makes."""
    found = _AWS_ID.fullmatch(example)
    return found["type"] + sha256(str(reference).encode()).hexdigest()[:17] if found else example
