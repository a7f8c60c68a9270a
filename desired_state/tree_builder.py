"""Building a tree with positions from YAML's nodes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from desired_state.mistakes import LoadError, Mistake
from desired_state.part import quote
from desired_state.secrecy import names_of_items
from desired_state.tree import KeyPath, Located, Position

MAX_DEPTH = 50
MAX_VALUES = 100_000  # with aliases expanded: a few lines of them can expand to billions
_TAG = "tag:yaml.org,2002:"
_SCALARS = {f"{_TAG}{kind}" for kind in ("str", "null", "bool", "int", "float")}
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # NUL, and halves of surrogate pairs
_MAX_QUOTED = 60  # characters of a key
_COLLECTIONS = {f"{_TAG}map", f"{_TAG}seq"}


@dataclass
class TreeBuilder:
    """Builds the tree of one file; `mistakes` collects those that do not prevent building the rest."""

    path: str
    mistakes: list[Mistake] = field(default_factory=list)
    values: int = 0
    constructor: SafeConstructor = field(default_factory=lambda: YAML(typ="safe", pure=True).constructor)

    def build(self, node: Node, at: Position, where: KeyPath, option: str = "") -> Located:
        """Return the tree of a node and report its mistakes; raise LoadError if it is too large."""
        self.count(at, where)
        if isinstance(node, ScalarNode):
            return Located(self.read_scalar(node, at, where, option), at, where, node.value, option)
        if node.tag not in _COLLECTIONS:
            self.report(at, where, f"is tagged {node.tag}; leave the tag out", str(node.tag))
        if isinstance(node, SequenceNode):
            options = names_of_items("", [n.value for n in node.value])
            items = zip(node.value, options, strict=True)
            built = [self.build(n, self.locate(n), (*where, i), o) for i, (n, o) in enumerate(items)]
            return Located(tuple(built), at, where)
        return Located(self.build_mapping(node, where), at, where)

    def build_mapping(self, node: Node, where: KeyPath) -> dict[str, Located]:
        """Return the values by key. A written key overrides a merged one; a key written twice is a mistake."""
        merged: dict[str, Located] = {}
        own: dict[str, Located] = {}
        for key, value in node.value:
            if key.tag == f"{_TAG}merge":
                merged = dict(self.read_merge_key(value, where)) | merged
            elif isinstance(key, ScalarNode):
                name = self.read_key(key, where)
                if name in own:
                    self.report(
                        self.locate(key), (*where, name), f"is written twice, first in line {own[name].at.line}"
                    )
                own[name] = self.build(value, self.locate(key), (*where, name))
            else:
                self.report(self.locate(key), where, "a key must be a text")
        return merged | own

    def read_merge_key(self, value: Node, where: KeyPath) -> Iterator[tuple[str, Located]]:
        """Yield what `<<` merges in, the first of several mappings last, since it overrides the others."""
        for node in reversed(value.value) if isinstance(value, SequenceNode) else [value]:
            self.count(self.locate(node), where)
            if isinstance(node, MappingNode):
                yield from self.build_mapping(node, where).items()
            else:
                self.report(self.locate(node), where, "<< takes a mapping, or a list of mappings")

    def read_key(self, node: ScalarNode, where: KeyPath) -> str:
        """Return the key as text; report one that YAML reads as another type."""
        name = self.read_text(str(node.value), self.locate(node), where)
        if node.tag not in {f"{_TAG}str", f"{_TAG}timestamp"}:
            quoted = f': "{name}"' if len(name) <= _MAX_QUOTED else ""
            self.report(
                self.locate(node), (*where, name), f"is no text to YAML; write the key in quotes{quoted}"
            )
        return name

    def read_scalar(self, node: ScalarNode, at: Position, where: KeyPath, option: str) -> Any:
        """Return the value as YAML 1.2 reads it; report a value that it cannot read, and return its text."""
        if node.tag in _SCALARS:
            try:
                value = self.constructor.construct_object(node)
                return self.read_text(value, at, where) if isinstance(value, str) else value
            except (ValueError, KeyError, IndexError):
                message = f"{quote(node.value)[1:-1]} is no {node.tag.removeprefix(_TAG)}"
                self.report(at, where, message, node.value, option)
        elif node.tag != f"{_TAG}timestamp":  # no type of YAML 1.2: a text
            self.report(at, where, f"is tagged {node.tag}; leave the tag out", str(node.tag), option)
        return str(node.value)

    def read_text(self, text: str, at: Position, where: KeyPath) -> str:
        """Return the text; report one that cannot be sent to AWS, and return it with escapes."""
        if not (wrong := _NO_TEXT.search(text)):
            return text
        self.report(
            at, where, f"holds {wrong[0]!r}, which is no character; leave it out, or write the whole one"
        )
        return _NO_TEXT.sub(lambda found: repr(found[0])[1:-1], text)

    def count(self, at: Position, where: KeyPath) -> None:
        """Count a value; raise LoadError if the tree is too deep or too large."""
        self.values += 1
        if len(where) > MAX_DEPTH:
            raise LoadError([Mistake(*at, "", "is nested too deeply; does an alias hold itself?")])
        if self.values > MAX_VALUES:
            raise LoadError([Mistake(*at, "", f"holds more than {MAX_VALUES:,} values, aliases written out")])

    def report(self, at: Position, where: KeyPath, message: str, text: str = "", option: str = "") -> None:
        """Add a mistake at this position and path. `text` is the value that the message may repeat."""
        self.mistakes.append(Located(None, at, where, text, option).mistake(message))

    def locate(self, node: Node) -> Position:
        """Return the position of a node in the file."""
        return Position(self.path, node.start_mark.line + 1, node.start_mark.column + 1)
