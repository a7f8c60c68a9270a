"""A managed policy of the account."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam import iam_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.planted.role import EVERYTHING


def plant_policy(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the policy, with all rights: what a file's policy allows is not known here."""
    iam = iam_backends[account][get_partition(region)]
    if part["arn"] not in iam.managed_policies:
        path, _, name = part["arn"].partition(":policy")[2].rpartition("/")
        iam.create_policy("", f"{path}/", json.dumps(EVERYTHING), name, [])
