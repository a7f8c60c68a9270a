"""A bucket of logs, with a policy that lets load balancers write into it."""

import json
from collections.abc import Mapping
from typing import Any

from moto.s3 import s3_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.elbv2.log_buckets import WRITER


def plant_bucket(part: Mapping[str, Any], account: str, region: str) -> None:
    partition, name = get_partition(region), part["name"]
    if any(name in each[partition].buckets for each in s3_backends.values() if partition in each):
        return
    s3 = s3_backends[account][partition]
    s3.create_bucket(name, region)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": WRITER},
        "Action": "s3:PutObject",
        "Resource": f"arn:{partition}:s3:::{name}/*",
    }
    s3.put_bucket_policy(name, json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode())
