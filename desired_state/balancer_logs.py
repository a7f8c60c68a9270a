"""Logs of a load balancer in S3."""

from typing import Annotated

from pydantic import AfterValidator

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, WrongValue

BucketName = Annotated[
    str, Pattern(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of a bucket in S3, such as shop-logs")
]
LogPrefix = Annotated[
    str,
    Pattern(r"[A-Za-z0-9!_.*'()/-]{0,512}", "a path in the bucket, such as shop/web"),
]


def _validate_prefix(prefix: str) -> str:
    if "AWSLogs" in prefix:
        raise WrongValue("holds AWSLogs, which ELB adds itself: leave it out")
    if prefix != prefix.strip("/"):
        raise WrongValue("begins or ends with /: leave that out")
    return prefix


class BalancerLogs(Part):
    """Logs of a load balancer in a bucket, which S3 itself encrypts, and not a key of KMS."""

    bucket: BucketName
    """Name of the bucket; it is in the platform's region, and its policy lets ELB write into it."""

    prefix: Annotated[LogPrefix, Absent("", word=False), AfterValidator(_validate_prefix)] = ""
    """Path in the bucket, before AWSLogs/ACCOUNT."""


LOGS_OFF = BalancerLogs.model_construct(bucket="", prefix="")
"""What null and `none` stand for: no logs, also if somebody has turned them on by hand."""
