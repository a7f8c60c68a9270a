"""The placeholders {platform}, {environment}, {region} and {suffix} in names."""

import re
from collections.abc import Mapping

from desired_state.absence import is_none
from desired_state.cluster import Discovery
from desired_state.near import suggest
from desired_state.part import NAME_PATTERN
from desired_state.platform import Platform
from desired_state.tree import KeyPath, Located, Problem, find, put

# Replaces a part that is missing or wrong itself, so that the rest can be checked.
STAND_IN = "x"  # for a wrong name, so that the names that contain it can be checked


def resolve(tree: Located) -> tuple[Located, list[Problem]]:
    """Replace the placeholders in `suffix` and `discovery.namespace`, written or default."""
    values = {key: _get_value(tree, key) for key in ("platform", "environment", "region")}
    tree, problems = _substitute(tree, ("suffix",), Platform.model_fields["suffix"].default, values)
    if not tree.child("discovery"):
        tree = put(tree, ("discovery",), Located({}, tree.at, ("discovery",)))
    values["suffix"] = _get_value(tree, "suffix")
    if _is_namespace_given(tree):
        return tree, problems
    tree, more = _substitute(
        tree, ("discovery", "namespace"), Discovery.model_fields["namespace"].default, values
    )
    return tree, problems + more


def _is_namespace_given(tree: Located) -> bool:
    """Tell whether the namespace exists already, and has a name that the file does not give."""
    discovery = find(tree, ("discovery",))
    existing, namespace = discovery.child("existing"), discovery.child("namespace")
    return existing is not None and not is_none(existing.value) and namespace is None


def _get_value(tree: Located, key: str) -> str | None:
    node = tree.child(key)
    if node is None or is_none(node.value):
        return None if key == "region" else STAND_IN
    return node.value if isinstance(node.value, str) and re.fullmatch(NAME_PATTERN, node.value) else STAND_IN


def _substitute(
    tree: Located, where: KeyPath, default: str, values: Mapping[str, str | None]
) -> tuple[Located, list[Problem]]:
    node, written = find(tree, where), find(tree, where[:-1]).child(where[-1])
    template = written.value if written else default
    if not isinstance(template, str):
        return tree, []
    names = re.findall(r"\{([^{}]*)\}", template)
    problems = [Problem(node, _explain_placeholder(name, values)) for name in names if not values.get(name)]
    text = STAND_IN if problems else re.sub(r"\{([^{}]*)\}", lambda match: str(values[match[1]]), template)
    return put(tree, where, Located(text, node.at, node.where, text)), problems


def _explain_placeholder(name: str, values: Mapping[str, str | None]) -> str:
    if name in values:
        or_else = ", or set AWS_DEFAULT_REGION" if name == "region" else ""
        return f"{{{name}}} is not known: write {name}: in the file{or_else}"
    return f"{{{name}}} is not a placeholder{suggest(name, values) or '; there are ' + ', '.join(values)}"
