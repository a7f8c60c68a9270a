"""Refused calls of CloudWatch Logs."""

from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of

from refusals.probe import Probe

OPERATIONS = (
    "CreateLogGroup",
    "DescribeLogGroups",
    "ListLogGroups",
    "DeleteLogGroup",
    "PutRetentionPolicy",
    "DeleteRetentionPolicy",
    "PutLogGroupDeletionProtection",
    "AssociateKmsKey",
    "DisassociateKmsKey",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
    "CreateLogStream",
    "DescribeLogStreams",
    "DeleteLogStream",
    "GetLogEvents",
    "FilterLogEvents",
)

Params = Callable[[], Mapping[str, Any]]
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:"
KEY = {"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1"}
ABSENT = {"logGroupName": "absent"}
NO_NAME = {"logGroupName": "no name"}
RESERVED = {"aws:owner": "v"}
INVALID, NOT_FOUND = "InvalidParameterException", "ResourceNotFoundException"


def given(**params: Any) -> Params:
    return lambda: params


def group(settings: Mapping[str, Any] | None = None, **params: Any) -> Params:
    """Make the group `group` with these settings, and return its name with these parameters."""

    def make() -> Mapping[str, Any]:
        client_of("logs").create_log_group(logGroupName="group", **settings or {})
        return {"logGroupName": "group", **params}

    return make


def of_arn(**params: Any) -> Params:
    return lambda: group()() and {"resourceArn": f"{ARN}group", **params}


def stream(**params: Any) -> Params:
    def make() -> Mapping[str, Any]:
        made = {**group()(), "logStreamName": "stream"}
        client_of("logs").create_log_stream(**made)
        return {**made, **params}

    return make


PROBES = [
    Probe("CreateLogGroup", "ResourceAlreadyExistsException", group(), "already exists"),
    Probe("CreateLogGroup", INVALID, given(**NO_NAME), "regular expression"),
    Probe("CreateLogGroup", INVALID, given(logGroupName="aws/group")),
    Probe("CreateLogGroup", INVALID, given(logGroupName="g" * 513)),
    Probe("CreateLogGroup", INVALID, given(logGroupName="group", logGroupClass="RARE")),
    Probe("CreateLogGroup", INVALID, given(logGroupName="group", tags={f"k{n}": "v" for n in range(51)})),
    Probe("CreateLogGroup", INVALID, given(logGroupName="group", tags=RESERVED), "aws:"),
    Probe("CreateLogGroup", INVALID, given(logGroupName="group", kmsKeyId="no key")),
    Probe("DescribeLogGroups", INVALID, given(limit=51)),
    Probe("DescribeLogGroups", INVALID, given(nextToken="no token")),
    Probe("DescribeLogGroups", INVALID, given(logGroupNamePrefix="a", logGroupNamePattern="b")),
    Probe("ListLogGroups", INVALID, given(limit=1001)),
    Probe("DeleteLogGroup", NOT_FOUND, given(**ABSENT)),
    Probe("DeleteLogGroup", INVALID, given(**NO_NAME)),
    Probe("DeleteLogGroup", "ValidationException", group({"deletionProtectionEnabled": True})),
    Probe("PutRetentionPolicy", NOT_FOUND, given(**ABSENT, retentionInDays=7)),
    Probe("PutRetentionPolicy", INVALID, group(retentionInDays=42)),
    Probe("DeleteRetentionPolicy", NOT_FOUND, given(**ABSENT)),
    Probe("DeleteRetentionPolicy", INVALID, given(**NO_NAME)),
    Probe(
        "PutLogGroupDeletionProtection",
        NOT_FOUND,
        given(logGroupIdentifier="absent", deletionProtectionEnabled=True),
    ),
    Probe(
        "PutLogGroupDeletionProtection",
        INVALID,
        given(logGroupIdentifier="no name", deletionProtectionEnabled=True),
    ),
    Probe("AssociateKmsKey", NOT_FOUND, given(**ABSENT, **KEY)),
    Probe("AssociateKmsKey", INVALID, group(kmsKeyId="no key")),
    Probe("AssociateKmsKey", INVALID, given(**KEY)),
    Probe("DisassociateKmsKey", NOT_FOUND, given(**ABSENT)),
    Probe("DisassociateKmsKey", INVALID, given()),
    Probe("TagResource", NOT_FOUND, given(resourceArn=f"{ARN}absent", tags={"k": "v"})),
    Probe("TagResource", INVALID, given(resourceArn="no-arn", tags={"k": "v"})),
    Probe("TagResource", INVALID, of_arn(tags=RESERVED)),
    Probe(
        "TagResource",
        "TooManyTagsException",
        lambda: (
            group({"tags": {"one": "v"}})()
            and {"resourceArn": f"{ARN}group", "tags": {f"k{n}": "v" for n in range(50)}}
        ),
    ),
    Probe("UntagResource", NOT_FOUND, given(resourceArn=f"{ARN}absent", tagKeys=["k"])),
    Probe("UntagResource", INVALID, given(resourceArn="no-arn", tagKeys=["k"])),
    Probe("ListTagsForResource", NOT_FOUND, given(resourceArn=f"{ARN}absent")),
    Probe("ListTagsForResource", INVALID, given(resourceArn="no-arn")),
    Probe("ListTagsForResource", INVALID, lambda: group()() and {"resourceArn": f"{ARN}group:*"}),
    Probe("CreateLogStream", NOT_FOUND, given(**ABSENT, logStreamName="s")),
    Probe("CreateLogStream", INVALID, group(logStreamName="a:b")),
    Probe("CreateLogStream", "ResourceAlreadyExistsException", stream()),
    Probe("DescribeLogStreams", NOT_FOUND, given(**ABSENT)),
    Probe("DescribeLogStreams", INVALID, group(logStreamNamePrefix="s", orderBy="LastEventTime")),
    Probe("DeleteLogStream", NOT_FOUND, given(**ABSENT, logStreamName="s")),
    Probe("DeleteLogStream", INVALID, group(logStreamName="a:b")),
    Probe("GetLogEvents", NOT_FOUND, group(logStreamName="absent")),
    Probe("GetLogEvents", INVALID, stream(limit=10_001)),
    Probe("FilterLogEvents", NOT_FOUND, given(**ABSENT)),
    Probe("FilterLogEvents", INVALID, group(limit=10_001)),
]
