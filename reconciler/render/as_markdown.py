"""A plan as Markdown, for a comment on a pull request."""

from reconciler.model.plan import Plan
from reconciler.render.as_text import text
from reconciler.render.summary import count_line

MARKS = {"+": "+", "-": "-", "~": "!", "±": "!", "?": "#"}  # what GitHub colours in a diff


def markdown(plan: Plan) -> str:
    """A headline, and the plan's text as a diff to unfold."""
    if not (plan.changes or plan.conflicts):
        return "**Nothing to do.**\n"
    headline = f"**Plan: {count_line(plan)}.**" if not plan.conflicts else "**This plan cannot be run.**"
    folded = "the changes" if not plan.conflicts else "what stands in the way"
    body = "\n".join(_marked(line) for line in text(plan).rstrip().splitlines())
    fence = "`" * 4
    return f"{headline}\n\n<details><summary>{folded}</summary>\n\n{fence}diff\n{body}\n{fence}\n\n</details>\n"


def _marked(line: str) -> str:
    sign, rest = line.lstrip()[:1], line.lstrip()[1:]
    indented = line.startswith("  ") and not line.startswith("   ")
    return f"{MARKS[sign]}{rest}" if indented and sign in MARKS else line
