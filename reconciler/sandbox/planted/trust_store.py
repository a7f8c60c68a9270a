"""A trust store, whose bundle was read long ago."""

from collections.abc import Mapping
from typing import Any

from moto.elbv2 import elbv2_backends

from reconciler.sandbox.elbv2.trust_stores import TrustStore, trust_stores


def plant_trust_store(part: Mapping[str, Any], account: str, region: str) -> None:
    arn = part["arn"]
    trust_stores(elbv2_backends[account][region]).setdefault(arn, TrustStore(arn.split("/")[1], arn))
