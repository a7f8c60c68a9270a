"""A public hosted zone, and the role by which a file's runs change it, if it is in another account."""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam import iam_backends
from moto.route53 import route53_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.planted.role import EVERYTHING
from reconciler.sandbox.route53.names import normalise


def plant_zone(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the zone, with its id if the file has that, in the account of the role or else in this one."""
    partition = get_partition(region)
    owner = part["role"].split(":")[4] if part["role"] else account
    if part["role"]:
        _make_role(part["role"], account, partition)
    route53, own_id = route53_backends[owner][partition], part["id"]
    name = normalise(part["name"])
    if own_id in route53.zones or (not own_id and any(zone.name == name for zone in route53.zones.values())):
        return
    zone = route53.create_hosted_zone(name, private_zone=False)
    if own_id:
        route53.zones[own_id] = route53.zones.pop(zone.resource_id)
        zone.resource_id = own_id


def _make_role(arn: str, trusted: str, partition: str) -> None:
    iam = iam_backends[arn.split(":")[4]][partition]
    path, _, name = arn.partition(":role")[2].rpartition("/")
    if all(role.name != name for role in iam.roles.values()):
        principal = {"AWS": f"arn:{partition}:iam::{trusted}:root"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        trust = {"Version": "2012-10-17", "Statement": [statement]}
        iam.create_role(name, json.dumps(trust), f"{path}/", None, "", {}, "3600")
        iam.put_role_policy(name, "everything", json.dumps(EVERYTHING))
