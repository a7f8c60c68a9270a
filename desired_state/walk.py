"""From YAML's nodes to a tree, with what is wrong on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from desired_state.mistakes import LoadError, Mistake
from desired_state.tree import At, Located, Where

DEEPEST = 50
MOST_VALUES = 100_000  # with aliases written out: a few lines of them can stand for billions
_TAG = "tag:yaml.org,2002:"
_SCALARS = {f"{_TAG}{kind}" for kind in ("str", "null", "bool", "int", "float")}
_COLLECTIONS = {f"{_TAG}map", f"{_TAG}seq"}


@dataclass
class Walk:
    """One file's walk; `mistakes` are those with which it could go on."""

    path: str
    mistakes: list[Mistake] = field(default_factory=list)
    values: int = 0
    constructor: SafeConstructor = field(default_factory=lambda: YAML(typ="safe", pure=True).constructor)

    def tree(self, node: Node, at: At, where: Where) -> Located:
        """The node with all below it, each with its place; what is wrong is noted and the walk goes on."""
        self.count(at, where)
        if isinstance(node, ScalarNode):
            return Located(self.scalar(node, at, where), at, where, node.value)
        if node.tag not in _COLLECTIONS:
            self.report(at, where, f"is tagged {node.tag}; leave the tag out")
        if isinstance(node, SequenceNode):
            items = tuple(self.tree(n, self.at(n), (*where, i)) for i, n in enumerate(node.value))
            return Located(items, at, where)
        return Located(self.mapping(node, where), at, where)

    def mapping(self, node: Node, where: Where) -> dict[str, Located]:
        """Key → value. A key of its own wins over a merged one; one written twice is a mistake."""
        merged: dict[str, Located] = {}
        own: dict[str, Located] = {}
        for key, value in node.value:
            if key.tag == f"{_TAG}merge":
                merged = dict(self.merged(value, where)) | merged
            elif isinstance(key, ScalarNode):
                name = self.key(key, where)
                if name in own:
                    self.report(
                        self.at(key), (*where, name), f"is written twice, first in line {own[name].at.line}"
                    )
                own[name] = self.tree(value, self.at(key), (*where, name))
            else:
                self.report(self.at(key), where, "a key must be a text")
        return merged | own

    def merged(self, value: Node, where: Where) -> Iterator[tuple[str, Located]]:
        """What `<<` brings; of several mappings the first one wins, so it comes last."""
        for node in reversed(value.value) if isinstance(value, SequenceNode) else [value]:
            self.count(self.at(node), where)
            if isinstance(node, MappingNode):
                yield from self.mapping(node, where).items()
            else:
                self.report(self.at(node), where, "<< takes a mapping, or a list of mappings")

    def key(self, node: ScalarNode, where: Where) -> str:
        if node.tag != f"{_TAG}str":
            message = f'is no text to YAML; write the key in quotes: "{node.value}"'
            self.report(self.at(node), (*where, node.value), message)
        return str(node.value)

    def scalar(self, node: ScalarNode, at: At, where: Where) -> Any:
        """The value as YAML 1.2 reads it, or its plain text where that is a mistake."""
        if node.tag in _SCALARS:
            try:
                return self.constructor.construct_object(node)
            except (ValueError, KeyError, IndexError):
                self.report(at, where, f"{node.value} is no {node.tag.removeprefix(_TAG)}")
        elif node.tag == f"{_TAG}timestamp":
            self.report(at, where, f'is a date to YAML; write a text in quotes: "{node.value}"')
        else:
            self.report(at, where, f"is tagged {node.tag}; leave the tag out")
        return str(node.value)

    def count(self, at: At, where: Where) -> None:
        self.values += 1
        if len(where) > DEEPEST:
            raise LoadError([Mistake(*at, "", "is nested too deeply; does an alias hold itself?")])
        if self.values > MOST_VALUES:
            raise LoadError([Mistake(*at, "", f"holds more than {MOST_VALUES:,} values, aliases written out")])

    def report(self, at: At, where: Where, message: str) -> None:
        self.mistakes.append(Located(None, at, where).mistake(message))

    def at(self, node: Node) -> At:
        return At(self.path, node.start_mark.line + 1, node.start_mark.column + 1)
