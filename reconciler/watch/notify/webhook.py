"""Webhooks, signed as Standard Webhooks says (standardwebhooks.com), so that its libraries can verify them."""

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from hashlib import sha256

from reconciler.watch.notify.failure import Undeliverable
from reconciler.watch.notify.message import Message, document

PREFIX = "whsec_"  # of a key that is base64
LEAST_KEY = 24  # bytes, as Standard Webhooks has it: 24 to 64


def body(message: Message) -> bytes:
    """Return the JSON document of a message. It is the same at each try."""
    return json.dumps(document(message), separators=(",", ":")).encode()


def headers(message: Message, sent: bytes, keys: str, at: int) -> Mapping[str, str]:
    """Return the headers that identify and sign a body sent at this Unix time.

    `keys` are one key, or several with spaces between them while receivers change theirs. Raises
    `Undeliverable` if one is not right.
    """
    signatures = (sign(message.id, at, sent, read_key(key)) for key in keys.split())
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def sign(message_id: str, at: int, sent: bytes, key: bytes) -> str:
    """Return the signature v1 of a body: HMAC-SHA256 of id, time and body with points between, in base64."""
    signed = f"{message_id}.{at}.".encode() + sent
    return f"v1,{b64encode(hmac.digest(key, signed, sha256)).decode()}"


def read_key(text: str) -> bytes:
    """Return the bytes of a key, `whsec_` and base64. Raises `Undeliverable` if it is not that."""
    form = f"the key is not right: {PREFIX} and base64 of at least {LEAST_KEY} bytes"
    if not text.startswith(PREFIX):
        raise Undeliverable(form)
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except Error:
        raise Undeliverable(form) from None  # the error may show a part of it
    if len(key) < LEAST_KEY:
        raise Undeliverable(form)
    return key
