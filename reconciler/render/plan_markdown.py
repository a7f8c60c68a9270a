"""A plan as Markdown, for a comment on a pull request."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from reconciler.model.plan import Plan
from reconciler.render.plan_summary import find_foreign, format_counts
from reconciler.render.plan_text import plan_text

MOST = 65_536  # characters of a comment that GitHub takes
LEFT_OUT = (
    "# … {:,} lines are left out here, as a comment is too short for them; `plan` without --markdown shows all"
)
DIFF_MARKS = {"+": "+", "-": "-", "~": "!", "±": "!", "→": "!", "?": "#"}  # what GitHub colours in a diff


def plan_markdown(plan: Plan, refusals: Sequence[str] = (), *, show_values: bool = False) -> str:
    """Return the stack and a headline, and below them the plan's text as a diff to unfold.

    `refusals` are objections that no consent overrides (see `reconciler.plan.safety`). `show_values` shows
    secrets.
    """
    title = f"### {plan.scope}\n\n" if plan.scope else ""
    if not (plan.changes or plan.conflicts or plan.warnings or any(find_foreign(plan)) or plan.not_in_file):
        return f"{title}**Nothing to do.**\n"
    text = plan_text(replace(plan, scope=None), show_values=show_values)
    lines = [*map(_mark, text.rstrip().splitlines()), *_format_refusals(refusals)]
    fence = "`" * 4
    before = (
        f"{title}**{_headline(plan, refused=bool(refusals))}**\n\n"
        f"<details><summary>{_summary(plan)}</summary>\n\n{fence}diff\n"
    )
    after = f"\n{fence}\n\n</details>\n"
    return before + "\n".join(cut_middle(lines, MOST - len(before) - len(after))) + after


def cut_middle(lines: Sequence[str], most: int) -> Sequence[str]:
    """Return the lines, without those in the middle if they have more characters than `most`, and say so.

    What goes and the counts are at the end, so a third of the room is for that.
    """
    if sum(len(line) + 1 for line in lines) <= most:
        return lines
    most -= len(LEFT_OUT) + len(f"{len(lines):,}") + 1
    first, last = _fitting(lines, most * 2 // 3), _fitting(lines[::-1], most // 3)
    return [*first, LEFT_OUT.format(len(lines) - len(first) - len(last)), *last[::-1]]


def _fitting(lines: Sequence[str], most: int) -> Sequence[str]:
    """Return the first lines that together have at most so many characters."""
    ends = accumulate(len(line) + 1 for line in lines)
    return lines[: sum(end <= most for end in ends)]


def _headline(plan: Plan, *, refused: bool) -> str:
    if plan.conflicts:
        return "This plan cannot be run."
    counts = f"Plan: {format_counts(plan)}." if plan.changes else "Nothing to do."
    return counts + " It will be refused." * refused


def _summary(plan: Plan) -> str:
    if plan.conflicts:
        return "what stands in the way"
    if plan.changes:
        return "the changes"
    if plan.warnings:
        return "warnings"
    return "what is not in the file" if plan.not_in_file else "what is not part of this stack"


def _format_refusals(refusals: Sequence[str]) -> Iterator[str]:
    if refusals:
        yield from ("", "Will be refused:")
    for refusal in refusals:
        why, *remedy = refusal.splitlines()
        yield f"  ✗ {why}"
        yield from (f"    {line}" for line in remedy)


def _mark(line: str) -> str:
    """Return the line of a change with a mark that GitHub colours; return other lines unchanged."""
    sign, rest = line.lstrip()[:1], line.lstrip()[1:]
    is_change = line.startswith("  ") and not line.startswith("   ")
    return f"{DIFF_MARKS[sign]}{rest}" if is_change and sign in DIFF_MARKS else line
