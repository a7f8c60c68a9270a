"""The tables of keys on docs/platform-file.md, made from the models. As a program it writes them there."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desired_state import Platform
from desired_state.part import SHORT_FORM
from desired_state.schema import get_schema

PAGE = Path(__file__).parents[2] / "docs/platform-file.md"
BEGIN, END = "<!-- keys: made from the models -->", "<!-- end of keys -->"
SCHEMA = get_schema(Platform)
FORMS = {  # what a value with a short form is, before its range
    "seconds": "a duration",
    "mebibytes": "a size in MiB",
    "gibibytes": "a size in GiB",
    "units": "CPU units",
    "words": "words",
    "check": "words, or a line for the shell",
    "limit": "a number; a mapping of keys",
    "port": "a port; a mapping of keys",
    "files": "a list; a name of a file",
    "values": "a list; a text",
    "image": "a mapping of keys; a URI",
    "client_secret": "a mapping of keys; a name or an ARN",
    "secret": "a mapping of keys; an ARN or /NAME",
    "route": "a mapping of keys; a path",
    "strategy": "a mapping by provider; the name of one",
    "id": "a mapping of keys; an id",
    "ids": "a mapping of keys; a list of ids",
    "topic": "a mapping of keys; an ARN",
    "redirect": "a mapping of keys; https",
}
TYPES = {"string": "a text", "boolean": "true, false", "array": "a list", "object": "a mapping"}
MOST_CHOICES = 10  # that a row lists

Rule = Mapping[str, Any]


def write_keys() -> str:
    """Return the section of each part of the file: a heading, and a row for each of its keys."""
    return "\n".join(f"{_heading(where)}\n\n{_write_table(part)}\n" for where, part in list_parts())


def list_parts() -> Iterator[tuple[str, str]]:
    """Yield each mapping of keys once: where it stands in the file first, and its name in the schema."""
    found, waiting = {"Platform"}, [("", "Platform")]
    while waiting:
        where, part = waiting.pop(0)
        yield where, part
        below = []
        for key, rule in find_keys(part).items():
            named = _find_part(rule)
            if named and named[1] not in found:
                found.add(named[1])
                below.append((f"{where}.{key}{named[0]}".lstrip("."), named[1]))
        waiting = below + waiting


def find_keys(part: str) -> Mapping[str, Rule]:
    """Return the rules of the keys of a part, by key."""
    rule = SCHEMA if part == "Platform" else SCHEMA["$defs"][part]
    keys: Mapping[str, Rule] = rule["properties"]
    return keys


def _find_part(rule: Rule) -> tuple[str, str] | None:
    """Return the part that a value consists of, and before it how it is reached: by name, or in a list."""
    for branch in _branches(rule):
        if "$ref" in branch:
            return "", str(branch["$ref"]).rpartition("/")[2]
        by_name = next(iter(branch.get("patternProperties", {}).values()), branch.get("additionalProperties"))
        for below, how in ((by_name, ".NAME"), (branch.get("items"), "[]")):
            if isinstance(below, Mapping) and (found := _find_part(below)):
                return how + found[0], found[1]
    return None


def _branches(rule: Rule) -> Iterator[Rule]:
    """Yield the forms that a value may have."""
    if "anyOf" not in rule:
        yield rule
    for branch in rule.get("anyOf", ()):
        yield from _branches({SHORT_FORM: rule[SHORT_FORM], **branch} if SHORT_FORM in rule else branch)


def _heading(where: str) -> str:
    return f"### `{where}`" if where else "### At the top"


def _write_table(part: str) -> str:
    rule = SCHEMA if part == "Platform" else SCHEMA["$defs"][part]
    rows = [
        _write_row(key, value, key in rule.get("required", ())) for key, value in rule["properties"].items()
    ]
    return "\n".join(["| key | takes | without it | |", "|---|---|---|---|", *rows])


def _write_row(key: str, rule: Rule, needed: bool) -> str:
    words = " ".join(rule["description"].split()).replace("*", r"\*")
    default = "needed" if needed else _write_default(rule)
    return f"| `{key}` | {_write_takes(rule)} | {default} | {words} |".replace("|  |", "| |")


def _write_takes(rule: Rule) -> str:
    branches = [*_branches(rule)]
    empty = [branch for branch in branches if branch.get("type") == "null" or None in branch.get("enum", ())]
    forms = [_write_form(branch) for branch in branches if branch not in empty]
    short = next((FORMS[branch[SHORT_FORM]] for branch in branches if branch.get(SHORT_FORM) in FORMS), None)
    if short:
        limits = next((form for form in forms if form[0].isdigit()), "")
        unit = " s" if short == FORMS["seconds"] else ""
        forms = [f"{short}: {limits}{unit}" if limits else short]
    nothing = {str(word) for branch in empty for word in branch.get("enum", ())}
    if nothing and not any(re.search(r"\bnone\b", form) for form in forms):
        forms.append("none" if "none" in nothing else "null")
    return "; ".join(dict.fromkeys(forms))


def _write_form(rule: Rule) -> str:
    """Return one of the forms of a value in words."""
    if "const" in rule:
        return str(rule["const"])
    if "enum" in rule:
        choices = [str(choice) for choice in rule["enum"]]
        return ", ".join(choices if len(choices) <= MOST_CHOICES else [*choices[:3], "…", choices[-1]])
    if "$ref" in rule:
        return "a mapping of keys"
    if "minimum" in rule:
        return f"{rule['minimum']:,} to {rule['maximum']:,}"
    return TYPES.get(rule.get("type", ""), "a number")


def _write_default(rule: Rule) -> str:
    default = rule.get("default")
    if default is None or default in ({}, []) or isinstance(default, dict):
        return ""
    unit = "s" if any(branch.get(SHORT_FORM) == "seconds" for branch in _branches(rule)) else ""
    return f"`{default if isinstance(default, str) else json.dumps(default)}{unit}`"


def replace_keys(page: str) -> str:
    """Return the page with the tables of now."""
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    return f"{before}{BEGIN}\n\n{write_keys()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(replace_keys(PAGE.read_text()))
