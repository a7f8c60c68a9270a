"""Texts that others may have written, made harmless where they are shown.

Tags, descriptions, rules, session names and user agents are anybody's who may write to AWS.
"""

import html as html_of_python

from reconciler.model.printable import printable

# What Markdown, or GitHub in it, makes something of: formatting, links, HTML, mentions and references.
_MARKDOWN = {ord(character): f"&#{ord(character)};" for character in "&<>|`*_[]()#@~\\!:$^{}"}
_SLACK = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}  # as Slack asks for: `<!channel>` would ring everybody


def line(text: str) -> str:
    r"""Return the text on one line of a terminal, with escapes for what it would obey, such as \x1b and \n."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def markdown(text: str) -> str:
    """Return the text for a line or a cell of Markdown, in which it is only a text."""
    return line(text).translate(_MARKDOWN).replace("www.", "www&#46;")


def html(text: str) -> str:
    """Return the text for HTML, also for an attribute in quotes."""
    return html_of_python.escape(line(text))


def slack(text: str) -> str:
    """Return the text for a message of Slack."""
    return line(text).translate(_SLACK)
