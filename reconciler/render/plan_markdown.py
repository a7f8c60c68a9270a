"""A plan as Markdown, for a comment on a pull request."""

from reconciler.model.plan import Plan
from reconciler.render.plan_summary import format_counts
from reconciler.render.plan_text import plan_text

DIFF_MARKS = {"+": "+", "-": "-", "~": "!", "±": "!", "?": "#"}  # what GitHub colours in a diff


def plan_markdown(plan: Plan, *, show_values: bool = False) -> str:
    """Return a headline, and below it the plan's text, as a diff to unfold; `show_values` shows secrets."""
    if not (plan.changes or plan.conflicts or plan.warnings):
        return "**Nothing to do.**\n"
    headline = f"**Plan: {format_counts(plan)}.**" if plan.changes else "**Nothing to do.**"
    headline = "**This plan cannot be run.**" if plan.conflicts else headline
    summary = "what stands in the way" if plan.conflicts else "the changes" if plan.changes else "warnings"
    text = plan_text(plan, show_values=show_values)
    body = "\n".join(_mark(line) for line in text.rstrip().splitlines())
    fence = "`" * 4
    return (
        f"{headline}\n\n<details><summary>{summary}</summary>\n\n{fence}diff\n{body}\n{fence}\n\n</details>\n"
    )


def _mark(line: str) -> str:
    """Return the line of a change with a mark that GitHub colours; return other lines unchanged."""
    sign, rest = line.lstrip()[:1], line.lstrip()[1:]
    is_change = line.startswith("  ") and not line.startswith("   ")
    return f"{DIFF_MARKS[sign]}{rest}" if is_change and sign in DIFF_MARKS else line
