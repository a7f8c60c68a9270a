"""A managed policy of the account, with all rights: what a file's policy allows is not known here."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam import iam_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.planted.role import EVERYTHING


def plant_policy(part: Mapping[str, Any], account: str, region: str) -> None:
    iam, arn = iam_backends[account][get_partition(region)], part["arn"]
    path, _, name = arn.partition(":policy")[2].rpartition("/")
    if arn not in iam.managed_policies and f"::{account}:" in arn:
        iam.create_policy("", f"{path}/", json.dumps(EVERYTHING), name, {})
