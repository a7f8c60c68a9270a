"""What the program suggests would load."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from platform_files import HEAD
from ruamel.yaml import YAML

from desired_state.yaml_line import write

ROWS = (Path(__file__).parent / "mistakes.txt").read_text().strip().split("\n\n")
OFFER = re.compile(
    r"\n> \d+:\d+: ([^: ]+): .*?(; did you mean (?P<meant>.*)\?|; write (it (in|without) quotes: )?(?P<text>[^ ].*?)( at (?P<place>[a-z_.]+))?)$"
)
ADVICE = (
    "write {} for",
    "write the key",
    "write NAME",
    "[key]",
    "capacity_providers: FARGATE_SPOTS",
    "priority: is missing",
    "write {oidc: {}}",
)
OFFERED = [
    row
    for row in ROWS
    if row.count("\n> ") == 1 and OFFER.search(row) and not any(words in row for words in ADVICE)
]


def follow(document, path, key_is_wrong, suggestion):
    """Return the document with a key renamed, or a value replaced, as the suggestion says."""
    *way, last = [int(k) if k.isdigit() else k for k in re.split(r"[.\[\]]+", path.rstrip("]"))]
    for key in way:
        document = document.setdefault(key, {}) if isinstance(document, dict) else document[key]
    if key_is_wrong:
        document[suggestion] = document.pop(last)
    else:
        document[last] = YAML(typ="safe", pure=True).load(suggestion)


@pytest.mark.parametrize("row", OFFERED, ids=lambda row: row.partition("\n> ")[0][:60])
def test_a_file_that_follows_the_suggestion_has_no_mistake(files, row):
    found = OFFER.search(row)
    suggestion = found["meant"] or found["text"]
    document = YAML(typ="safe", pure=True).load(HEAD + row.partition("\n> ")[0])
    renamed = bool(found["meant"]) and ("is not a key here" in row or "FARGATE_SPOT" in suggestion)
    follow(document, found["place"] or found[1], renamed or "is not a key here" in row, suggestion)
    assert files.mistakes(json.dumps(document)) == []


def test_there_are_suggestions_to_follow():
    assert len(OFFERED) > 15


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("services: {api: {cpu: 512, memory: 900}}", "did you mean 1024?"),
        ("services: {api: {protect: 'yes'}}", "write true"),
        ("cluster: {container_insights: on}", "one of enabled, enhanced, disabled"),
        ("load_balancer: {ingress: 10.0.0.0/8}", "write [10.0.0.0/8]"),
        ("load_balancer: {ingress: ten}", "'ten' is not a list"),
        ("service_defaults: {memry: 512}", "did you mean memory?"),
        ("service_defaults: {permissions: [{actions: 's3:*', resources: ['*']}]}", "write [s3:*]"),
    ],
)
def test_what_is_suggested_is_right_at_its_place(files, text, told):
    (mistake,) = files.mistakes(f"{HEAD}{text}\n")
    assert mistake.endswith(told)


def test_a_key_that_an_overlay_misspells_is_told_though_the_file_has_the_right_one(files):
    base = HEAD + "services: {api: {memory: 512}}\n"
    (told,) = files.mistakes(base, dev="services: {api: {memry: 1024}}\n")
    assert told.endswith("services.api.memry: is not a key here; did you mean memory?")


PLAIN = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(value=PLAIN)
@example(value=":")
@example(value={"": ":0"})
def test_what_is_written_as_yaml_is_read_as_it_was(value):
    text = write(value)
    assert text is None or YAML(typ="safe", pure=True).load(f"key: {text}") == {"key": value}
    assert text is None or YAML(typ="safe", pure=True).load(f"{{key: {text}, other: 1}}")["key"] == value
