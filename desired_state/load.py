"""Loading a platform: the file, its overlay, defaults and placeholders, with all mistakes reported at once."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from desired_state.absence import is_none
from desired_state.checks import check
from desired_state.document import read
from desired_state.merge import (
    apply_service_defaults,
    find_bare_names,
    find_ineffective_settings,
    merge,
)
from desired_state.mistakes import LoadError, Mistake
from desired_state.part import NAME_PATTERN
from desired_state.placeholders import resolve
from desired_state.platform import Platform
from desired_state.positions import Positions
from desired_state.tree import KeyPath, Located, Position, Problem, find, put
from desired_state.validate import validate, validate_defaults

DEFAULT_FILE = Path(__file__).parent / "platform.yaml"


def load(
    path: Path,
    environment: str | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    region: str | None = None,
) -> Platform:
    """Load and check the platform of a file in an environment; raise LoadError with everything that is wrong.

    `environment` overrides RECONCILER_ENV, which overrides the file. `region` applies if the file has none.
    """
    base, found = read(path)
    if not base.value:
        raise LoadError([*found, base.mistake("is empty; a platform file begins with platform: NAME")])
    base = _choose_environment(base, environment, environ)
    over, more = _read_overlay(path, base, found)
    tree = merge(base, over) if over else base
    if region and find(tree, ("region",)).value is None:
        tree = _set_from_outside(tree, "region", region, "the AWS configuration")
    platform, problems = _build_platform(tree)
    found += [*more, *find_bare_names(base, over), *find_ineffective_settings(tree)]
    found += [problem.node.mistake(problem.message) for problem in problems]
    if found or platform is None:
        raise LoadError(found)
    return platform


def _choose_environment(base: Located, argument: str | None, environ: Mapping[str, str]) -> Located:
    if argument is not None:
        return _set_from_outside(base, "environment", argument, "--env")
    if variable := environ.get("RECONCILER_ENV"):
        return _set_from_outside(base, "environment", variable, "RECONCILER_ENV")
    return base


def _set_from_outside(tree: Located, key: str, value: str, source: str) -> Located:
    """Return the tree with a value that comes from outside of the files; its position has line 0."""
    return put(tree, (key,), Located(value, Position(source, 0, 0), (key,), value))


def _read_overlay(path: Path, base: Located, found: list[Mistake]) -> tuple[Located | None, list[Mistake]]:
    """Read environments/NAME.yaml beside the file, if there is one."""
    name = find(base, ("environment",)).value
    if not isinstance(name, str) or not re.fullmatch(NAME_PATTERN, name):
        return None, []
    file = path.parent / "environments" / f"{name}.yaml"
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


def _build_platform(tree: Located) -> tuple[Platform | None, list[Problem]]:
    defaults = tree.child("service_defaults")
    problems = validate_defaults(defaults) if defaults and not is_none(defaults.value) else []
    written = apply_service_defaults(tree)
    tree, unresolved = resolve(written)
    platform, tree, invalid = validate(tree)
    problems += unresolved + invalid
    if platform is None:
        return None, problems
    problems += _check_rules(platform, tree, {problem.node.where for problem in problems})
    return platform.with_positions(Positions(written)), problems


def _check_rules(platform: Platform, tree: Located, wrong: set[KeyPath]) -> Iterator[Problem]:
    """Yield the violations that do not merely follow from values that are wrong themselves."""
    for violation in check(platform):
        own = () if violation.about_name else (violation.where,)
        depends_on = (*own, *violation.depends_on)
        if not any(_overlap(find(tree, part).where, where) for part in depends_on for where in wrong):
            yield Problem(find(tree, violation.where), violation.message)


def _overlap(one: KeyPath, other: KeyPath) -> bool:
    """Tell whether one path is equal to the other or inside it."""
    return all(a == b for a, b in zip(one, other, strict=False))
