"""Keep boto3's clients within an embedded AWS, whatever the user's environment and files say."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.session import Session

from reconciler.errors import RunRefused

ACCOUNT = "123456789012"  # of an embedded AWS, if the file names none
ANY_KEYS = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}  # of whichever account it has
DIRECT = Config(
    proxies={}, ignore_configured_endpoint_urls=True, use_dualstack_endpoint=False, use_fips_endpoint=False
)


def deaf_session() -> Session:
    """Return a session of botocore that reads none of AWS's variables and files, and knows no profile."""
    defaults = {name: (None, None, *variable[2:]) for name, variable in Session.SESSION_VARIABLES.items()}
    absent = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return Session(defaults | absent)


def keys_of(account: str | None) -> dict[str, str]:
    """Return the keys of a caller in this account; the embedded AWS takes an ID for its account's key."""
    return ANY_KEYS | {"aws_access_key_id": account or ACCOUNT}


def forbid_sending(events: Any) -> None:
    """Let requests that no embedded AWS of this process answers fail, and never be sent: RunRefused.

    botocore sends a request that no handler of this event answers, and takes the first answer of several.
    """
    events.register_last("before-send", _answer_last)


def _answer_last(request: Any, **_: Any) -> AWSResponse:
    return AWSResponse(request.url, 404, {}, _Refusal(request.url))


@dataclass(frozen=True)
class _Refusal:
    """The body of an answer that refuses to be read."""

    url: str

    def stream(self) -> Iterator[bytes]:
        raise RunRefused(f"the embedded AWS has nothing at {self.url}, and AWS is not asked")
