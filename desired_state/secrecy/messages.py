"""Messages that may repeat a secret: errors of AWS, and mistakes of the file."""

import json
import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from desired_state.secrecy.judge import find_secrets, hide
from desired_state.secrecy.pairs import value_after_name
from desired_state.secrecy.texts import HIDDEN, hide_in_text

MIN_KNOWN = 4  # characters of a secret that is looked for in what others say: shorter ones are everywhere
MIN_LONG = 8  # characters of a secret that is hidden in the middle of a word too
MIN_CUT = 6  # characters of a secret whose rest a message may have cut off


def hide_known(text: str, secrets: Collection[str]) -> str:
    """Return what others say, such as AWS's error, without these secrets and those that its form shows."""
    if not text:
        return text
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= MIN_KNOWN:
            text = _hide_all(text, secret)
    return hide_in_text(text)


def conceal(names: Sequence[object], value: str, message: str) -> str:
    """Return a message about a value without the value's secrets. `names` are the keys that lead to it."""
    shown = _hide_at(names, value)
    secrets = [value_after_name(name, is_key=True) for name in names if isinstance(name, str)]
    secrets.append(value_after_name(value, is_key=False))
    if shown != value:
        secrets += find_secrets(_last_name(names), value) if shown != HIDDEN else [value]
    for secret in filter(None, secrets):
        message = _hide_all(message, secret)
        if len(secret) > MIN_CUT:
            message = re.sub(rf"{re.escape(_escape(secret[:MIN_CUT]))}[^\s'\"]*", HIDDEN, message)
    return hide_in_text(message)


def _hide_at(names: Sequence[object], value: str) -> str:
    """Return what may be shown of a value in a file: of `secrets` and two levels under it, references."""
    if "secrets" not in names:
        return hide(_last_name(names), value)
    is_reference = "secrets" not in names[-3:] or "/" in value or value.startswith("arn:")
    return value if is_reference or not value else HIDDEN


def _last_name(names: Sequence[object]) -> str:
    return next((name for name in reversed(names) if isinstance(name, str)), "")


def _hide_all(text: str, secret: str) -> str:
    """Hide a secret however the text quotes it. A short one is hidden only where it is a word of its own."""
    for form in _forms(secret):
        if form in text:  # hardly ever, which is quicker to see than by a pattern
            begin, end = (r"(?:(?<!\w)|(?<=\\[nrt]))", r"(?!\w)") if len(form) < MIN_LONG else ("", "")
            text = re.sub(f"{begin}{re.escape(form)}{end}", HIDDEN, text)
    return text


@lru_cache(4096)  # of one plan, for each of its many events
def _forms(secret: str) -> frozenset[str]:
    """Return a secret as it is, and as Python and JSON write it."""
    return frozenset({secret, _escape(secret), json.dumps(secret)[1:-1]})


def _escape(text: str) -> str:
    return repr(text)[1:-1]
