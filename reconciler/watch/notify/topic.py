"""Messages in the form of SNS: at most 262,144 bytes, a subject of less than 100 ASCII characters in one line.

A topic may allow more (MaximumMessageSize); what is sent stays far below the default (SNS API reference,
Publish).
"""

from collections.abc import Mapping
from typing import Any

from reconciler.watch.notify.message import Message, text, title

LONGEST = 200_000  # bytes, so that attributes and what a subscription adds fit too
LONGEST_SUBJECT = 99  # characters


def publication(message: Message, topic: str) -> Mapping[str, Any]:
    """Return the parameters of Publish. Subscriptions can filter by the attributes."""
    return {
        "TopicArn": topic,
        "Subject": subject(message),
        "Message": text(message, lambda found: len(found.encode()) <= LONGEST),
        "MessageAttributes": {
            "severity": _attribute(message.severity.value),
            "stack": _attribute(message.stack),
            "news": _attribute(message.news.value),
        },
    }


def subject(message: Message) -> str:
    """Return the title as SNS takes it: it begins with a letter, and what is not ASCII is a question mark."""
    plain = title(message).encode("ascii", "replace").decode()
    words = plain if plain[:1].isalnum() else f"Drift {plain}"
    return words if len(words) <= LONGEST_SUBJECT else f"{words[: LONGEST_SUBJECT - 3]}..."


def _attribute(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}
