"""A secret of Secrets Manager, whose value the sandbox makes up: no file has it."""

import json
from collections.abc import Mapping
from typing import Any

from moto.secretsmanager import secretsmanager_backends

MADE_UP = "made-up-by-the-sandbox"
_SUFFIX = 7  # characters that Secrets Manager adds to the name, for the ARN


def plant_secret(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the secret, with a text at each of its keys, unless it is there."""
    secrets, named = secretsmanager_backends[account][region], part["secret"]
    name = named.partition(":secret:")[2][:-_SUFFIX] if named.startswith("arn:") else named
    if name in secrets.secrets.keys():  # noqa: SIM118 - moto's store knows its secrets by several names
        return
    value = json.dumps(dict.fromkeys(part["keys"], MADE_UP)) if part["keys"] else MADE_UP
    secrets.create_secret(name, value, None, None, [], None, None, [], force_overwrite=False)
    if named.startswith("arn:"):
        secrets.secrets[name].arn = named
