"""Buckets of logs as ELB tries them when logs are turned on: there, of the region, and with a policy for it."""

from typing import Any, NoReturn

from moto.s3 import s3_backends

from reconciler.sandbox.authorization.documents import read_document, speaks_of
from reconciler.sandbox.authorization.patterns import Keys
from reconciler.sandbox.elbv2.refusals import misconfigured

WRITER = "logdelivery.elasticloadbalancing.amazonaws.com"
FORMER_WRITERS = {"us-east-1": "127311923021", "eu-west-1": "156460612806", "eu-central-1": "054676820928"}
TEST_OBJECT = "ELBAccessLogTestFile"  # it stays (ELB user guide, "Enable access logs")


def try_bucket(balancer: Any, logs: str, bucket: str, prefix: str) -> None:
    """Write the test object, or refuse the bucket (terraform-aws-s3-bucket#185)."""
    if not bucket:
        misconfigured(f"'{logs}.s3.bucket' must be specified when '{logs}.s3.enabled' is 'true'")
    _, partition, _, region, account, _ = balancer.arn.split(":", 5)
    if "AWSLogs" in prefix:
        misconfigured(f"'{logs}.s3.prefix' cannot include 'AWSLogs'")
    key = "/".join(filter(None, (prefix, "AWSLogs", account, TEST_OBJECT)))
    backends = [each[partition] for each in s3_backends.values() if partition in each]
    owner = next((backend for backend in backends if bucket in backend.buckets), None)
    if owner is None or owner.buckets[bucket].region_name != region:
        _refuse(bucket)
    keys: Keys = {
        "aws:sourceaccount": (account,),
        "aws:sourcearn": (balancer.arn,),
        "aws:securetransport": ("true",),
    }
    if not _lets_write(owner.buckets[bucket], f"arn:{partition}:s3:::{bucket}/{key}", region, keys):
        _refuse(bucket)
    owner.put_object(bucket, key, b"")


def _refuse(bucket: str) -> NoReturn:
    misconfigured(f"Access Denied for bucket: {bucket}. Please check S3bucket permission")


def _lets_write(bucket: Any, arn: str, region: str, keys: Keys) -> bool:
    """Tell whether the bucket's policy allows the write to ELB, and nothing in it denies it."""
    if not bucket.policy:
        return False
    former = FORMER_WRITERS.get(region, "")
    named = {WRITER, "*", former, f"arn:aws:iam::{former}:root"}
    spoken = [
        statement.allows
        for statement in read_document(bytes(bucket.policy).decode())
        if speaks_of(statement, "s3:PutObject", arn, keys) and named & {who for _, who in statement.principals}
    ]
    return bool(spoken) and all(spoken)
