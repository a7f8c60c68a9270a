"""Loading a platform: the file, its overlay, defaults and placeholders, with all mistakes reported at once."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from desired_state.absence import is_none
from desired_state.checks import check
from desired_state.checks.violation import Violation
from desired_state.document import read
from desired_state.env_files import Variables, add_variables, read_env_files
from desired_state.environment import choose_environment, find_near_environment, set_from_outside
from desired_state.explain import explain_violations, list_mistakes
from desired_state.merge import (
    apply_service_defaults,
    find_bare_names,
    find_ineffective_settings,
    merge,
)
from desired_state.mistakes import LoadError
from desired_state.overlays import (
    find_unknown_services,
    read_overlay,
    without_new,
)
from desired_state.placeholders import resolve
from desired_state.platform import Platform
from desired_state.positions import Positions
from desired_state.short_forms import expand
from desired_state.tree import KeyPath, Located, Problem, find
from desired_state.validate import MAX_SUGGESTIONS, validate, validate_defaults
from desired_state.values import Values, fill

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
    own = find(base, ("environment",)).value
    base = choose_environment(base, environment, environ)
    over, more = read_overlay(path, base, found)
    tree = _merge(base, over)
    if region and find(tree, ("region",)).value is None:
        tree = set_from_outside(tree, "region", region, "the AWS configuration")
    variables, unread = read_env_files(apply_service_defaults(tree))
    platform, problems = _build_platform(tree, variables)
    found += [*more, *find_bare_names(base, over, variables), *find_ineffective_settings(tree)]
    found += list_mistakes([*unread, *problems])
    if over:
        found += find_unknown_services(base, over)
    if found or platform is None:
        raise LoadError(found)
    own = own if isinstance(own, str) else None
    return platform.with_near_environment(find_near_environment(path, own, platform.environment))


def _merge(base: Located, over: Located | None) -> Located:
    """Return the file with its overlay, and with their short forms written out."""
    base = expand(base, Platform)
    return merge(base, expand(without_new(over), Platform)) if over else base


def fill_from_aws(platform: Platform, values: Values) -> Platform:
    """Return a loaded platform with the values that only AWS knows, by their placeholders without braces.

    All is checked again. Raises `LoadError` with everything that is wrong.
    """
    filled, problems = _fill_platform(platform.written, values)
    if problems or filled is None:
        raise LoadError(list_mistakes(_name_origins(platform, problems)))
    filled = filled.with_region(platform.region) if platform.region else filled
    return filled.with_near_environment(platform.near_environment)


def _name_origins(platform: Platform, problems: list[Problem]) -> Iterator[Problem]:
    """Yield the problems; those of values that are not in the file say where they are."""
    origins = {one.node.where: text for text, mentions in platform.references.items() for one in mentions}
    for problem in problems:
        origin = origins.get(problem.node.where)
        told = f" (the value of {origin})" if origin else ""
        yield problem._replace(message=problem.message + told)


def _build_platform(tree: Located, variables: Variables) -> tuple[Platform | None, list[Problem]]:
    defaults = tree.child("service_defaults")
    if defaults and not is_none(defaults.value):
        problems = validate_defaults(find(fill(resolve(tree)[0], {}).tree, ("service_defaults",)))
    else:
        problems = []
    platform, more = _fill_platform(add_variables(apply_service_defaults(tree), variables), {})
    return platform, problems + more


def _fill_platform(written: Located, values: Values) -> tuple[Platform | None, list[Problem]]:
    """Return the platform of a tree with its placeholders' values, and all problems."""
    tree, problems = resolve(written)
    filled = fill(tree, values)
    platform, tree, invalid = validate(filled.tree)
    problems += filled.problems + invalid
    if platform is None:
        return None, problems
    wrong = {problem.node.where for problem in problems} | filled.unresolved
    problems += _check_rules(platform, tree, wrong)
    platform = platform.with_positions(Positions(written))
    return platform.with_references(filled.references, is_open=bool(filled.unresolved)), problems


def _check_rules(platform: Platform, tree: Located, wrong: set[KeyPath]) -> Iterator[Problem]:
    """Yield the problems of violated rules, but for those that merely follow from values that are wrong."""
    above = {where[:depth] for where in wrong for depth in range(len(where))}

    def follows(violation: Violation) -> bool:
        own = () if violation.about_name else (violation.where,)
        places = [find(tree, part).where for part in (*own, *violation.depends_on)]
        return any(place in above or _is_within(place, wrong) for place in places)

    violations = [violation for violation in check(platform) if not follows(violation)]
    return explain_violations(violations, tree, MAX_SUGGESTIONS)


def _is_within(place: KeyPath, wrong: set[KeyPath]) -> bool:
    """Tell whether the path, or one above it, is in the set."""
    return any(place[:depth] in wrong for depth in range(len(place) + 1))
