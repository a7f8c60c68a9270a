"""The attributes of load balancers and target groups."""

from collections.abc import Mapping
from typing import Literal

from reconciler.aws.reads import Reads
from reconciler.resources.elb import NOT_FOUND


def describe_attributes(
    reads: Reads, kind: Literal["load_balancer", "target_group"], arn: str
) -> dict[str, str]:
    """Return the attributes of a load balancer or target group; none if it was deleted since it was listed."""
    parameter = {"load_balancer": "LoadBalancerArn", "target_group": "TargetGroupArn"}[kind]
    operation = f"describe_{kind}_attributes"
    described = reads.ask("elbv2", operation, "Attributes", absent=NOT_FOUND, **{parameter: arn})
    return {attribute["Key"]: attribute["Value"] for attribute in described or ()}


def diff_attributes(desired: Mapping[str, str], live: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the desired attributes that differ from the live ones, in ELB's form."""
    return [{"Key": key, "Value": value} for key, value in sorted(desired.items()) if live.get(key) != value]
