"""Placeholders in the values of the file, such as {environment}, {discovery.NAME} and {ssm:/NAME}."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from desired_state.discovered import DOMAIN, PREFIX, list_addresses
from desired_state.near import suggest
from desired_state.part import ACCOUNT_PATTERN, quote
from desired_state.references import FORMS, Reference, is_unresolved
from desired_state.tree import KeyPath, Located, Problem, find

Values = Mapping[str, str]  # of placeholders that only AWS knows, by their text without braces

_OWN = ("environment", "platform", "region", "account")
_PLACEHOLDER = r"(?<![$#%])\{([A-Za-z][\w.-]*|(?:ssm|cloudformation):(?:[^{}]|\{[^{}]*\})*)\}"  # not ${HOME}
_IN_TEXTS = re.compile(rf"\{{\{{|{_PLACEHOLDER}")  # where {{ stands for a brace
_IN_OTHERS = re.compile(_PLACEHOLDER)
_NAMES = {"platform", "environment", "region", "account", "suffix"}  # have rules of their own


class Mention(NamedTuple):
    """A value that refers to something."""

    where: KeyPath  # in the whole tree, short forms written out
    node: Located


@dataclass
class _Filling:
    """One pass over the tree: what is known, and what is found."""

    known: Mapping[str, str | None]  # None: only AWS knows it
    from_aws: Values
    problems: list[Problem] = field(default_factory=list)
    unresolved: set[KeyPath] = field(default_factory=set)
    references: dict[Reference, list[Mention]] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """The tree with the values of its placeholders, and what was found in it."""

    tree: Located
    problems: list[Problem]
    unresolved: frozenset[KeyPath]  # the values that hold placeholders which only AWS knows
    references: Mapping[Reference, Sequence[Mention]]  # all that the file has, each with its values


def fill(tree: Located, from_aws: Values) -> Filled:
    """Replace the placeholders in values, those that only AWS knows as far as it was asked.

    Those of names, such as `suffix`, are to be resolved before.
    """
    filling = _Filling({**dict(_list_own(tree)), **dict(list_addresses(tree, from_aws.get(DOMAIN)))}, from_aws)
    below = tree.value.items() if isinstance(tree.value, Mapping) else ()
    filled = {key: node if key in _NAMES else _fill(filling, node, (key,)) for key, node in below}
    return Filled(
        replace(tree, value=filled),
        filling.problems,
        frozenset(filling.unresolved),
        filling.references,
    )


def _list_own(tree: Located) -> Iterator[tuple[str, str | None]]:
    for key in _OWN:
        value = find(tree, (key,)).value
        if isinstance(value, str) and (key != "account" or re.fullmatch(ACCOUNT_PATTERN, value)):
            yield key, value
        elif key == "account":
            yield key, None


def _fill(filling: _Filling, node: Located, where: KeyPath) -> Located:
    match node.value:
        case Mapping():
            return replace(node, value={k: _fill(filling, v, (*where, k)) for k, v in node.value.items()})
        case tuple():
            items = (_fill(filling, v, (*where, i)) for i, v in enumerate(node.value))
            return replace(node, value=tuple(items))
        case str() if "{" in node.value:
            text = _fill_text(filling, node, where)
            return replace(node, value=text, text=text)
    return node


def _fill_text(filling: _Filling, node: Located, where: KeyPath) -> str:
    """Return the text with the values that are known; {{ stays as it is until all of them are."""
    is_strict, pattern = _is_strict(where), _IN_TEXTS if _is_text(where) else _IN_OTHERS
    names = {match[1] for match in pattern.finditer(node.value) if match[1]}
    values = {name: _find_value(filling, Mention(where, node), name, is_strict=is_strict) for name in names}
    is_open = None in values.values()
    if is_open:
        filling.unresolved.add(node.where)

    def write(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0] if is_open else "{"
        return values[match[1]] or f"{{{_fill_inside(filling, match[1])}}}"

    return pattern.sub(write, node.value)


def _is_text(where: KeyPath) -> bool:
    """Tell whether a value may be any text, in which {{ has to stand for a brace."""
    return where[0] == "services" and where[2:3] in {("environment",), ("command",)}


def _is_strict(where: KeyPath) -> bool:
    """Tell whether a word in braces has to be a placeholder: elsewhere an unknown one is left to the models."""
    match where:
        case ("services", _, "image" | "secrets", *_) | ("services", _, "routes", _, "hosts" | "auth", *_):
            return True
    return _is_text(where)


def _find_value(filling: _Filling, mention: Mention, name: str, *, is_strict: bool) -> str | None:
    """Return the value of a placeholder; None if only AWS knows it, or if it is none and stays as it is."""
    if ":" in name:
        inside = _fill_inside(filling, name)
        if reference := Reference.parse(inside):
            filling.references.setdefault(reference, []).append(mention)
            value = filling.from_aws.get(inside)
            if value is not None and is_unresolved(value) and not _is_text(mention.where):
                message = f"{reference} is {quote(value)}, and no placeholder is looked for in it"
                filling.problems.append(Problem(mention.node, message))
            return value
        filling.problems.append(Problem(mention.node, f"{quote(f'{{{name}}}')} is not right: {FORMS}"))
    elif name in filling.known:
        return filling.known[name] or filling.from_aws.get(name)
    elif is_strict or name in _OWN:
        filling.problems.append(Problem(mention.node, _explain(filling, name)))
    return f"{{{name}}}"


def _fill_inside(filling: _Filling, name: str) -> str:
    """Return a reference with the platform's own values in it, as in {ssm:/shop/{environment}/vpc}."""
    return _IN_OTHERS.sub(lambda match: filling.known.get(match[1]) or match[0], name)


def _explain(filling: _Filling, name: str) -> str:
    if name == "region":
        return "{region} is not known: write region: in the file, or set AWS_DEFAULT_REGION"
    near = suggest(name, filling.known) or f"; there are {', '.join((*_OWN, 'discovery.NAME'))}, {FORMS}"
    if name.startswith(PREFIX):
        near = f", as no service of the file has this name and a port{suggest(name, filling.known)}"
    return f"{{{name}}} is not a placeholder{near} (a brace of your own is {{{{)"
