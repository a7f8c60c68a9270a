"""Check the patterns of `drift.ignore`: a type or a field that no resource has would ignore nothing."""

from collections.abc import Iterator, Mapping

from desired_state.mistakes import LoadError
from desired_state.near import suggest
from desired_state.part import quote
from desired_state.platform import Platform
from reconciler.resources import KINDS

ANY = "*"
NEVER_DIFFER = frozenset({"name", "after", "service"})  # fields of every spec


def require_known_ignores(platform: Platform) -> None:
    """Raise `LoadError` with each pattern that names an unknown resource type, or a field its type lacks."""
    mistakes = {index: _find_mistake(text) for index, text in enumerate(platform.drift.ignore)}
    if found := {index: words for index, words in mistakes.items() if words}:
        raise LoadError(platform.mistake(("drift", "ignore", index), words) for index, words in found.items())


def _find_mistake(pattern: str) -> str:
    """Return what is wrong with a pattern; an empty text if nothing is."""
    kind, _, field = [*pattern.split(".", 3), "", ""][:3]
    if ANY not in kind and kind not in FIELDS:
        return f"{quote(kind)} is no resource type{suggest(kind, FIELDS)}"
    known = {name for word, fields in FIELDS.items() if kind == word or ANY in kind for name in fields}
    if field and ANY not in field and field not in known:
        of = "any resource type" if ANY in kind else kind
        return f"{quote(field)} is no field of {of}{suggest(field, sorted(known))}"
    return ""


def _find_fields() -> Iterator[tuple[str, frozenset[str]]]:
    for name, kind in KINDS.items():
        for word in {name, kind.called or name}:
            yield word, frozenset(kind.spec.model_fields) - NEVER_DIFFER


FIELDS: Mapping[str, frozenset[str]] = dict(_find_fields())  # by the words for each type
