"""The account of a caller: the one that its access key names, else the one that the platform file names.

A key of twelve digits is that account's, as in other programs that stand in for AWS. So runs of files with
several accounts can use one server at once, as each signs with the account of its file.
"""

import re
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.responses import BaseResponse
from moto.iam import iam_backends

from reconciler.sandbox.world import current, wrap

_NAMED = re.compile(r"Credential=(\d{12})/")


def install() -> None:
    wrap(BaseResponse, "get_current_account", _find_account)


def _find_account(original: Any, response: Any) -> str:
    if named := _NAMED.search(str(response.headers.get("Authorization", ""))):
        return named[1]
    found = str(original(response))  # of a key that IAM or STS has made
    if (
        found != DEFAULT_ACCOUNT_ID
        or response.access_key in iam_backends[found][response.partition].access_keys
    ):
        return found
    return current().account or found
