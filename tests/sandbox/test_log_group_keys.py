"""Log groups have a KMS key and deletion protection, which can be changed."""

import pytest
from botocore.exceptions import ClientError
from support import client

KEY = "arn:aws:kms:us-east-1:123456789012:key/a"
GROUP = {"logGroupName": "/app/web"}

pytestmark = pytest.mark.usefixtures("aws")


def told() -> tuple[str | None, bool]:
    (group,) = client("logs").describe_log_groups()["logGroups"]
    return group.get("kmsKeyId"), group["deletionProtectionEnabled"]


def test_a_key_is_associated_and_disassociated():
    logs = client("logs")
    logs.create_log_group(**GROUP, kmsKeyId=f"{KEY}b")
    logs.associate_kms_key(**GROUP, kmsKeyId=KEY)
    assert told() == (KEY, False)
    logs.disassociate_kms_key(**GROUP)
    assert told() == (None, False)


@pytest.mark.parametrize(
    ("operation", "params", "code"),
    [
        ("associate_kms_key", {**GROUP, "kmsKeyId": "alias/logs"}, "InvalidParameterException"),
        ("associate_kms_key", {"logGroupName": "/app/other", "kmsKeyId": KEY}, "ResourceNotFoundException"),
        ("disassociate_kms_key", {"logGroupName": "/app/other"}, "ResourceNotFoundException"),
        (
            "put_log_group_deletion_protection",
            {"logGroupIdentifier": "/app/other", "deletionProtectionEnabled": True},
            "ResourceNotFoundException",
        ),
        ("delete_log_group", GROUP, "ValidationException"),
    ],
)
def test_it_is_refused(operation, params, code):
    client("logs").create_log_group(**GROUP, deletionProtectionEnabled=True)
    with pytest.raises(ClientError) as refused:
        getattr(client("logs"), operation)(**params)
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize("by", ["/app/web", "arn:aws:logs:us-east-1:123456789012:log-group:/app/web"])
def test_a_group_is_deleted_once_its_protection_is_off(by):
    logs = client("logs")
    logs.create_log_group(**GROUP)
    for protected in (True, False):
        logs.put_log_group_deletion_protection(logGroupIdentifier=by, deletionProtectionEnabled=protected)
        assert told() == (None, protected)
    logs.delete_log_group(**GROUP)
