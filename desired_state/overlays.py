"""The overlay of an environment, environments/NAME.yaml beside the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from desired_state.absence import is_none
from desired_state.document import read
from desired_state.mistakes import LoadError, Mistake
from desired_state.near import suggest
from desired_state.part import NAME_PATTERN
from desired_state.tree import Located, find, put

_MAX_LISTED = 20  # services in one message
OVERLAYS = "environments"  # the folder beside the file


def read_overlay(path: Path, base: Located, found: list[Mistake]) -> tuple[Located | None, list[Mistake]]:
    """Read environments/NAME.yaml beside the file, if there is one. Raises `LoadError` with `found` as well."""
    name = find(base, ("environment",)).value
    if not isinstance(name, str) or not re.fullmatch(NAME_PATTERN, name):
        return None, []
    file = path.parent / OVERLAYS / f"{name}.yaml"
    if not _exists(file):
        return None, []
    try:
        over, mistakes = read(file)
    except LoadError as error:
        raise LoadError([*found, *error.mistakes]) from None
    if own := over.child("environment"):
        mistakes.append(own.mistake("an overlay cannot choose the environment"))
    return put(over, ("environment",), None), mistakes


def _exists(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # a folder that may not be looked into: reading will say so
        return True
    return True


def find_unknown_services(base: Located, over: Located) -> Iterator[Mistake]:
    """Yield a mistake for each service of the overlay that the file lacks, unless it says `new: true`."""
    known = find(base, ("services",)).value
    known = known if isinstance(known, dict) else {}
    for name, node in _services(over).items():
        new = node.child("new")
        if new and name in known:
            yield new.mistake(f"{name} is in the file already; leave it out")
        elif new and new.value is not True:
            yield new.mistake("write new: true, or leave it out")
        elif not new and name not in known:
            yield node.mistake(f"the file has no service {name}{_advise(name, node, known)}")


def _advise(name: str, node: Located, known: Mapping[str, Located]) -> str:
    listed = f"; there are {', '.join(islice(known, _MAX_LISTED))}{', …' * (len(known) > _MAX_LISTED)}"
    advice = suggest(name, known) or listed * bool(known)
    return advice if is_none(node.value) else f"{advice} (a new one says new: true)"


def without_new(over: Located) -> Located:
    """Return the overlay without the key `new` of its services."""
    services = over.child("services")
    if services is None or not _services(over):
        return over
    named = {name: put(node, ("new",), None) for name, node in services.value.items()}
    return put(over, ("services",), replace(services, value=named))


def _services(tree: Located) -> Mapping[str, Located]:
    value = find(tree, ("services",)).value
    return value if isinstance(value, Mapping) else {}
