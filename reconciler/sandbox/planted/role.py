"""A role that tasks may have, and that ECS may start them with."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam import iam_backends
from moto.utilities.utils import get_partition

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def plant_role(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the role, with all rights: what a file's role may do is not known here."""
    iam = iam_backends[account][get_partition(region)]
    path, _, name = part["arn"].partition(":role")[2].rpartition("/")
    if all(role.name != name for role in iam.roles.values()):
        iam.create_role(name, json.dumps(TRUST), f"{path}/", None, "", {}, "3600")
        iam.put_role_policy(name, "everything", json.dumps(EVERYTHING))
