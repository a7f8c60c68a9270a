"""The platform file to a Platform: overlay, defaults, placeholders, and every mistake at once."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from desired_state.checks import check
from desired_state.document import read
from desired_state.merge import bare_names, merge, with_defaults, without_audience, without_nulls
from desired_state.mistakes import LoadError, Mistake
from desired_state.part import NAME
from desired_state.placeholders import resolve
from desired_state.platform import Platform
from desired_state.positions import Positions
from desired_state.tree import At, Located, Problem, Where, find, put
from desired_state.validate import validate, validate_defaults

DEFAULT_FILE = Path(__file__).parent / "platform.yaml"


def load(
    path: Path,
    environment: str | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    region: str | None = None,
) -> Platform:
    """The platform of a file in an environment, checked completely; LoadError if anything is wrong.

    `environment` wins over RECONCILER_ENV, which wins over the file. `region` counts if the file has none.
    """
    base, found = read(path)
    if not base.value:
        raise LoadError([*found, base.mistake("is empty; a platform file begins with platform: NAME")])
    base = _in_environment(base, environment, environ)
    over, more = _overlay(path, base, found)
    tree = merge(base, over) if over else base
    if region and not tree.child("region"):
        tree = _given(tree, "region", region, "the AWS configuration")
    platform, problems = _platform(tree)
    found += [*more, *bare_names(base, over), *without_audience(tree)]
    found += [problem.node.mistake(problem.message) for problem in problems]
    if found or platform is None:
        raise LoadError(found)
    return platform


def _in_environment(base: Located, argument: str | None, environ: Mapping[str, str]) -> Located:
    if argument is not None:
        return _given(base, "environment", argument, "--env")
    if variable := environ.get("RECONCILER_ENV"):
        return _given(base, "environment", variable, "RECONCILER_ENV")
    return base


def _given(tree: Located, key: str, value: str, source: str) -> Located:
    """The tree with a value that no file holds."""
    return put(tree, (key,), Located(value, At(source, 0, 0), (key,), value))


def _overlay(path: Path, base: Located, found: list[Mistake]) -> tuple[Located | None, list[Mistake]]:
    """environments/NAME.yaml beside the file, if it is there."""
    name = find(base, ("environment",)).value
    if not isinstance(name, str) or not re.fullmatch(NAME, name):
        return None, []
    file = path.parent / "environments" / f"{name}.yaml"
    if not _is_there(file):
        return None, []
    try:
        over, mistakes = read(file)
    except LoadError as error:
        raise LoadError([*found, *error.mistakes]) from None
    if own := over.child("environment"):
        mistakes.append(own.mistake("an overlay cannot choose the environment"))
    return put(over, ("environment",), None), mistakes


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:  # a folder that may not be looked into: reading will say so
        return True


def _platform(tree: Located) -> tuple[Platform | None, list[Problem]]:
    defaults = tree.child("service_defaults")
    problems = validate_defaults(without_nulls(defaults)) if defaults and defaults.value is not None else []
    written = without_nulls(with_defaults(tree))
    tree, unresolved = resolve(written)
    platform, tree, invalid = validate(tree)
    problems += unresolved + invalid
    if platform is None:
        return None, problems
    problems += _broken_rules(platform, tree, {problem.node.where for problem in problems})
    return platform.with_positions(Positions(written)), problems


def _broken_rules(platform: Platform, tree: Located, wrong: set[Where]) -> Iterator[Problem]:
    """Complaints that do not merely follow from what is wrong already."""
    for complaint in check(platform):
        own = () if complaint.about_name else (complaint.where,)
        rests_on = (*own, *complaint.rests_on)
        if not any(_overlap(find(tree, part).where, where) for part in rests_on for where in wrong):
            yield Problem(find(tree, complaint.where), complaint.message)


def _overlap(one: Where, other: Where) -> bool:
    """Whether one place is the other, or inside it."""
    return all(a == b for a, b in zip(one, other, strict=False))
