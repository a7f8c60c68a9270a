"""ARNs are of the partition of the region."""

import pytest
from platform_files import HEAD

ARNS = """readable_secrets: ["arn:{0}:ssm:{1}:123456789012:parameter/shop/*"]
load_balancer: {{listeners: {{https: {{port: 443, certificate: "arn:{0}:acm:{1}:123456789012:certificate/a"}}}}}}
services:
  web:
    secrets: {{A: "arn:{0}:secretsmanager:{1}:123456789012:secret:db-AbCdEf", B: /shop/db}}
    permissions: [{{actions: [s3:*], resources: ["*", "arn:{0}:s3:::bucket"]}}]
"""


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
        ("eu-west-1", "aws"),
    ],
)
def test_each_arn_is_of_the_regions_partition(files, region, partition):
    head, other = HEAD.replace("us-east-1", region), "aws" if partition != "aws" else "aws-cn"
    assert files.mistakes(head + ARNS.format(partition, region)) == []
    found = files.mistakes(head + ARNS.format(other, region))
    assert [line.split(": ")[1] for line in found] == [
        "readable_secrets[0]",
        "load_balancer.listeners.https.certificate",
        "services.web.secrets.A",
        "services.web.permissions[0].resources[1]",
    ]
    assert found[3].endswith(
        f"is of partition {other}, and {region} of {partition}: arn:{partition}:s3:::bucket"
    )


def test_a_region_of_a_partition_that_is_not_known_takes_any_arn(files):
    assert files.mistakes(HEAD.replace("us-east-1", "xx-new-1") + ARNS.format("aws-new", "xx-new-1")) == []
