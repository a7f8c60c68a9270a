"""What others wrote is shown, and does nothing: in HTML, Markdown, on a terminal and in Slack."""

from html.parser import HTMLParser

import pytest

from reconciler.render.hostile import (
    as_markdown_code,
    as_slack_code,
    fence,
    for_html,
    for_markdown,
    for_slack,
    on_one_line,
)

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><svg/onload=alert(1)>",
    "<!--",
    "]]>",
    "<!channel> <@U123> <https://evil.example|the console>",
    "@org/admins look #1 GH-2 https://evil.example www.evil.example",
    "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "a | b \\| c",
    "`` ` ``` code",
    "````\n# out of the fence",
    "\x1b[2J\x1b]0;title\x07\x9b31m",
    "admin\u202enimda\u2066\u200b\ufeff",
    "two\nlines\r\nand\ta tab",
    "&lt;b&gt; &amp;",
    "- item",
    "1. item",
    "# heading",
    "=====",
)
OBEYED = "\x1b\x07\x9b\u202e\u2066\u200b\ufeff\r"


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.data = [], ""

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))

    def handle_data(self, data):
        self.data += data


@pytest.mark.parametrize("attack", ATTACKS)
def test_in_html_it_is_text_and_stays_in_its_attribute(attack):
    page = Elements()
    page.feed(f'<p title="{for_html(attack)}">{for_html(attack)}</p>')
    page.close()
    ((tag, [(name, value)]),) = page.found
    assert (tag, name, page.data) == ("p", "title", value)
    assert not set(OBEYED) & set(page.data)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("escape", [on_one_line, for_markdown, as_markdown_code, for_slack, as_slack_code])
def test_it_stays_on_its_line_and_turns_nothing(escape, attack):
    assert not {*OBEYED, "\n", "\t"} & set(escape(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_in_markdown_code_ends_only_with_its_own_marks_and_no_cell_ends(attack):
    code = as_markdown_code(attack)
    marks = code[: len(code) - len(code.lstrip("`"))]
    assert code.endswith(marks)
    assert marks not in code[len(marks) : -len(marks)]
    assert "|" not in code


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_line_of_a_fenced_block_ends_it(attack):
    assert fence(attack) not in attack


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("@org/admins", "@&#8288;org/admins"),
        ("see #1", "see #&#8288;1"),
        ("https://evil.example", "https:&#8288;//evil.example"),
        ("a|b", "a\\|b"),
        ("<b>", "\\<b\\>"),
        ("\\|", "\\\\\\|"),
        ("- item", "&#8288;- item"),
        ("2. item", "&#8288;2. item"),
        ("2) item", "2\\) item"),
        ("# top", "&#8288;#&#8288; top"),
        ("    code", "code"),
        ("two\nlines", "two lines"),
    ],
)
def test_markdown_prose_formats_links_and_calls_nothing(written, shown):
    assert for_markdown(written) == shown


def test_slack_calls_nobody_and_hides_no_link():
    assert for_slack("<!channel> & <https://evil.example|aws>") == (
        "&lt;!channel&gt; &amp; &lt;https://evil.example|aws&gt;"
    )
    assert as_slack_code("a`b") == "`a\N{MODIFIER LETTER GRAVE ACCENT}b`"


@pytest.mark.parametrize("code", [as_markdown_code, as_slack_code])
def test_nothing_is_shown_as_such(code):
    assert code("") == "`(empty)`"
