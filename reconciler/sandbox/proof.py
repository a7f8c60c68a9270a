"""Prove to the other side that one knows the token of the embedded AWS, without sending it.

When a server has ended, another user's process may listen at its port. It must neither be believed nor learn
anything that the next server would accept.
"""

import hmac
from typing import Literal

# It holds the server's options, with the token. Unlike a process's arguments, only its user can read it.
OPTIONS_VARIABLE = "RECONCILER_SANDBOX_OPTIONS"


def prove(token: str, side: Literal["client", "server"], path: str, nonce: str) -> str:
    """Return the proof of one side for a request: an HMAC, in hexadecimal digits.

    `nonce` is the client's random text for this request; `path` is what it asks for, such as `stop`.
    """
    return hmac.digest(token.encode(), f"{side} {path} {nonce}".encode(), "sha256").hex()
