"""Files that are not platform files."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from platform_files import HEAD

from desired_state import DEFAULT_FILE, LoadError, load

NINEFOLD = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}' if n else 'x'] * 9)}]\n" for n in range(9))


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "1:1: is empty; a platform file begins with platform: NAME"),
        ("# nothing\n", "1:1: is empty; a platform file begins with platform: NAME"),
        ("- a", "1:1: holds no keys; a platform file begins with platform: NAME"),
        ("a: [1", "1:6: is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("a:\n\t- b", "2:1: is not YAML: found character '\\t' that cannot start any token"),
        ("a: *b", "1:4: is not YAML: found undefined alias 'b'"),
        ("--- a\n--- b", "2:1: is not YAML: but found another document"),
        ("a: b\nc: \0", "2:4: is not YAML: character '\\x00' is not allowed"),
        (b"a: b\nc: \xff", "2:4: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("[" * 600, "1:1: is nested too deeply"),
        ("a: &a [*a]", "1:4: is nested too deeply; does an alias hold itself?"),
        ("a: &a {<<: *a}", "1:1: is nested too deeply"),
        (NINEFOLD, "1:12: holds more than 100,000 values, aliases written out"),
        (b"#" * (1 << 21), "1:1: is longer than 1,048,576 bytes; is it a platform file?"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_cannot_be_read_is_told_with_its_position(files, text, mistake):
    assert files.mistakes(text) == [f"platform.yaml:{mistake}"]


def test_a_byte_order_mark_does_no_harm(files):
    assert files.load(b"\xef\xbb\xbf" + HEAD.encode()).platform == "shop"


def test_an_anchor_may_be_used_again(files):
    assert files.load(f"{HEAD}tags: {{a: &x one, b: &x two, c: *x}}").tags["c"] == "two"


@pytest.mark.parametrize("path", ["nowhere.yaml", "."])
def test_what_is_no_file_is_told_by_its_path(tmp_path, path):
    with pytest.raises(LoadError, match=rf"^{tmp_path / path}: (no such file|is a directory)"):
        load(tmp_path / path, environ={})


DEFAULT = DEFAULT_FILE.read_text()
YAML_MARKS = "{}[]:-&*<!'\"#%|>~?@,.\n\t 01ax\0"
LINES = DEFAULT.splitlines(keepends=True)


@st.composite
def mutated(draw):
    """Draw the default file with a few edits: pieces inserted, spans cut out, lines repeated."""
    text = DEFAULT
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 20))
        text = (
            text[:start]
            + draw(st.sampled_from(LINES) | st.text(YAML_MARKS, max_size=6) | st.text(max_size=4))
            + text[end:]
        )
    return text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_whatever_is_written_the_answer_is_a_platform_or_mistakes(files, text):
    error = files.attempt(text.encode("utf-8", "surrogatepass"))
    lines = [] if error is None else str(error).split("\n")
    assert all(line.startswith(str(files.path)) and line.isprintable() for line in lines)
