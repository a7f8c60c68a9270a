"""Messages in the form of Slack's incoming webhooks.

Slack takes 50 blocks, 3,000 characters a section and 150 a header, and refuses about 13,000 in all
(slackapi/bolt-js#2509). What others wrote is escaped: `<!channel>` in a tag calls nobody.
"""

import json
from typing import Any

from reconciler.render.hostile import as_slack_code, for_slack
from reconciler.watch.notify.message import MOST_TOLD, Message, Told, closing, cut, title

LONGEST_SECTION = 3000  # characters
LONGEST_HEADER = 150
MARKS = {"security": ":rotating_light:", "availability": ":warning:"}


def body(message: Message) -> bytes:
    """Return the JSON that Slack takes. Its `text` is what notifications on a screen show."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _shorten(title(message), LONGEST_HEADER)}}
    ]
    if listed := _list(message):
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": listed}})
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": for_slack(closing(message))}]})
    return json.dumps({"text": for_slack(title(message)), "blocks": blocks}).encode()


def _list(message: Message) -> str:
    """Return the differences, as many as a section holds, and the number of the others."""
    told = [_describe(each) for each in message.told]
    for number in range(min(MOST_TOLD, len(told)), -1, -1):
        more = len(told) - number
        found = "\n".join(told[:number] + ([f"and {more} more"] if more else []))
        if len(found) <= LONGEST_SECTION:
            return found
    return ""


def _describe(told: Told) -> str:
    who = told.who
    by = f" by {as_slack_code(cut(who.actor))}" if who and who.actor else ""
    mark = MARKS.get(told.severity.value, ":small_blue_diamond:")
    return f"{mark} {told.severity.value} {as_slack_code(cut(told.key))} {for_slack(told.finding)}{by}"


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
