r"""Escapes for what somebody else wrote, where it is shown: HTML, Markdown, a line on a terminal, Slack.

Tags, descriptions, session names, user agents and errors come from AWS, and whoever may tag may write them. In
all forms, control characters and those that turn the direction of writing are shown as escapes, such as \u202e.
"""

import html
import re

from reconciler.model.printable import printable

JOINER = "&#8288;"  # of no width: it parts `@` from a name, and `#` from a number
EMPTY = "(empty)"
LIKE_A_BACKTICK = "\N{MODIFIER LETTER GRAVE ACCENT}"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>~|!&$])")
_CALLS = re.compile(r"(@|#|GH-|[a-z]+:(?=//)|www)", re.IGNORECASE)  # GitHub makes mentions and links of them
_STARTS = re.compile(r"^([-+=]|#+|\d+(?=[.)]))")  # of lists, headings and quotes


def for_html(text: str) -> str:
    """Escape a text for an element's content or a quoted attribute."""
    return html.escape(printable(text), quote=True)


def on_one_line(text: str) -> str:
    r"""Escape a text for a part of one line on a terminal: a line end becomes \n, a tab \t."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def for_markdown(text: str) -> str:
    """Escape a text for a part of a line or a cell of a table, as prose that formats and calls nothing."""
    words = " ".join(printable(text).split())
    called_off = _CALLS.sub(rf"\1{JOINER}", _MARKDOWN.sub(r"\\\1", words))
    return _STARTS.sub(rf"{JOINER}\1", called_off)


def as_markdown_code(text: str) -> str:
    r"""Return a text as a code span. In code nothing is a mention, a link or HTML.

    A bar, which would end a table's cell whatever is before it, becomes \x7c.
    """
    line = on_one_line(text).replace("|", "\\x7c")
    marks = "`" * (_longest_run(line) + 1)
    return f"{marks} {line} {marks}" if "`" in line else f"`{line if line.strip() else EMPTY}`"


def fence(text: str) -> str:
    """Return the fence of a block of code that no line of the text ends."""
    return "`" * max(4, _longest_run(text) + 1)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def for_slack(text: str) -> str:
    """Escape a text for Slack's mrkdwn: `<!channel>` in it calls nobody, and no link hides where it leads."""
    return on_one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_slack_code(text: str) -> str:
    """Return a text as Slack's code, which formats nothing. Slack has no escape for a backtick in it."""
    return f"`{for_slack(text).replace('`', LIKE_A_BACKTICK) or EMPTY}`"
