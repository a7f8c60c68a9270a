"""A web ACL of WAF that lets everything through: what a file's web ACL refuses is not known here."""

from collections.abc import Mapping
from typing import Any

from moto.wafv2 import wafv2_backends
from moto.wafv2.models import FakeWebACL


def plant_web_acl(part: Mapping[str, Any], account: str, region: str) -> None:
    arn = part["arn"]
    _, _, name, own_id = arn.split(":", 5)[5].split("/")
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
    acl = FakeWebACL(name, account, arn, own_id, seen, {"Allow": {}}, None, None)
    wafv2_backends[account][region].wacls.setdefault(arn, acl)
