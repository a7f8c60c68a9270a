"""Files that are not platform files."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from platform_files import HEAD
from work import AT_MOST, growth

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
BREAKERS = [  # what broke programs of this kind
    *(
        r'"\ud800"',
        r'"\0"',
        r'"\x1b[2J"',
        "\ufeff",
        "\r",
        "\x85",
        "\u2028",
        "<<: ",
        "? ",
        "&a ",
        "*a",
        "!!set ",
        "%YAML 1.1\n",
    ),
    *(
        "9" * 5000,
        "0x" + "f" * 5000,
        "1e999",
        ".nan",
        "-.inf",
        "0o17",
        "0b1",
        "2020-01-01",
        "null",
        "none",
        "~",
        "yes",
    ),
    *(
        "30s",
        "1h30m",
        "https",
        "FARGATE_SPOT",
        "'a",
        '"',
        "gunicorn app",
        "sh -c 'a",
        "image: a\n",
        "healthcheck: x\n",
    ),
]
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
            + draw(st.sampled_from(LINES + BREAKERS) | st.text(YAML_MARKS, max_size=6) | st.text(max_size=4))
            + text[end:]
        )
    return text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_whatever_is_written_the_answer_is_a_platform_or_mistakes(files, text):
    error = files.attempt(text.encode("utf-8", "surrogatepass"))
    lines = [] if error is None else str(error).split("\n")
    assert all(line.startswith(str(files.path)) and line.isprintable() for line in lines)


HALF_SURROGATES = r'"\ud800"', r'"a\udfffb"', r'"\ud83d\ude00"'


@pytest.mark.parametrize("half", HALF_SURROGATES)
def test_a_text_with_half_a_character_is_refused_wherever_it_is(files, half):
    for text in (
        f"tags: {{a: {half}}}",
        f"services: {{api: {{environment: {{A: {half}}}}}}}",
        f"tags: {{{half}: a}}",
    ):
        told = files.mistakes(f"{HEAD}{text}\n")
        assert any("which is no character" in line for line in told), text


def test_a_pipe_that_nobody_writes_into_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("desired_state.contents.PATIENCE", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(LoadError, match=r"gave nothing for 0\.1 seconds"):
        load(tmp_path / "pipe", environ={})


def test_a_pipe_is_read_to_its_end():
    reading, writing = os.pipe()
    os.write(writing, HEAD.encode())
    os.close(writing)
    assert load(Path(f"/dev/fd/{reading}"), environ={}).platform == "shop"


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "a\0b", "x" * 5000])
def test_what_is_no_platform_file_is_told(path):
    with pytest.raises(LoadError):
        load(Path(path), environ={})


def test_an_unreadable_file_is_told(files, monkeypatch):
    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(LoadError, match="permission denied"):
        load(files.path, environ={})


HUGE = {
    "a number of many digits": (1000, lambda n: "services: {api: {cpu: " + "9" * n + "}}"),
    "a number of many hexadecimal digits": (
        1000,
        lambda n: f"load_balancer: {{listeners: {{a: {{port: 0x{'9' * n}}}}}}}",
    ),
    "a status of many digits": (
        1000,
        lambda n: f"load_balancer: {{listeners: {{a: {{port: 1, default: {{status: 0x{'9' * n}}}}}}}}}",
    ),
    "a duration of many digits": (1000, lambda n: "discovery: {ttl: " + "9" * n + "s}"),
    "a long text": (8000, lambda n: "suffix: " + "x" * n),
    "a long key": (250, lambda n: "services: {" + "x" * n + ": {}}"),
    "a long key in a list": (250, lambda n: "services: {api: {routes: {" + "x" * n + ": {}}}}"),
    "unknown keys": (120, lambda n: "\n".join(f"key{i}: x" for i in range(n))),
    "services with a mistake": (
        100,
        lambda n: "services:\n" + "\n".join(f"  s{i}: {{memry: 512}}" for i in range(n)),
    ),
    "routes of one priority": (
        100,
        lambda n: "services: {api: {routes: [" + "{priority: 1, paths: [/]}, " * n + "]}}",
    ),
    "words of one overlong name": (
        100,
        lambda n: "tags: {" + ", ".join(f"'!{i}': x" for i in range(n)) + "}",
    ),
}


@pytest.mark.parametrize(("size", "write"), HUGE.values(), ids=HUGE.keys())
def test_a_huge_mistake_takes_few_words(files, size, write):
    told = files.mistakes(f"{HEAD}{write(20 * size)}\n")
    assert 1 <= len(told) <= 101
    assert max(map(len, told)) < 2000


@pytest.mark.parametrize(("size", "write"), HUGE.values(), ids=HUGE.keys())
def test_a_mistake_of_twice_the_size_is_twice_the_work(files, size, write):
    def prepare(size):
        text = f"{HEAD}{write(size)}\n"
        return lambda: files.mistakes(text)

    assert growth(prepare, size) < AT_MOST


def test_of_many_mistakes_the_first_are_told_and_the_rest_is_counted(files):
    told = files.mistakes(HEAD + "\n".join(f"key{n}: x" for n in range(150)))
    assert told[99].startswith("platform.yaml:103:1: key99: is not a key here")
    assert told[100] == "platform.yaml: and 50 more mistakes"


def test_the_known_keys_are_told_once(files):
    told = files.mistakes(HEAD + "one: x\ntwo: x\nservices: {api: {three: x}, web: {four: x}}\n")
    assert ["there are" in line for line in told] == [True, False, True, False]
