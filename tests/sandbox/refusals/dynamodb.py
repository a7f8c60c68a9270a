"""Refused calls of DynamoDB, as far as a lease needs it."""

from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of

from reconciler.sandbox import REAL, Clock, install
from refusals.probe import Probe

OPERATIONS = (
    "CreateTable",
    "DescribeTable",
    "ListTables",
    "UpdateTable",
    "DeleteTable",
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "Scan",
    "UpdateTimeToLive",
    "DescribeTimeToLive",
    "TagResource",
    "UntagResource",
    "ListTagsOfResource",
)

Params = Callable[[], Mapping[str, Any]]
TABLE = {"TableName": "table"}
ABSENT = {"TableName": "absent"}
ABSENT_ARN = {"ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/absent"}
KEY = {"Key": {"id": {"S": "one"}}}
ITEM = {"Item": {"id": {"S": "one"}}}
VALUE = {"ExpressionAttributeValues": {":v": {"S": "v"}}}
TTL = {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}}
PROTECTED = {"DeletionProtectionEnabled": True}
INVALID, NOT_FOUND, IN_USE = "ValidationException", "ResourceNotFoundException", "ResourceInUseException"
FAILED = "ConditionalCheckFailedException"


def given(**params: Any) -> Params:
    return lambda: params


def definition(**changes: Any) -> dict[str, Any]:
    return {
        **TABLE,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        **changes,
    }


def table(**params: Any) -> Params:
    """Make the table `table` with the item `one`, and return its name with these parameters."""

    def make() -> Mapping[str, Any]:
        client_of("dynamodb").create_table(**definition())
        client_of("dynamodb").put_item(**TABLE, **ITEM)
        return {**TABLE, **params}

    return make


def new_table(**params: Any) -> Params:
    """Begin to make the table `table`, which is CREATING for a while."""

    def make() -> Mapping[str, Any]:
        install(REAL, clock=Clock(speed=0))
        client_of("dynamodb").create_table(**definition())
        return {**TABLE, **params}

    return make


def protected() -> Mapping[str, Any]:
    client_of("dynamodb").create_table(**definition(**PROTECTED))
    return TABLE


def with_ttl() -> Mapping[str, Any]:
    params = {**table()(), **TTL}
    client_of("dynamodb").update_time_to_live(**params)
    return params


IF_NEW = {"ConditionExpression": "attribute_not_exists(id)"}
SET = {"UpdateExpression": "SET v = :v", **VALUE}
FIND = {"KeyConditionExpression": "id = :v", **VALUE}

PROBES = [
    Probe("CreateTable", IN_USE, lambda: table()() and definition()),
    Probe("CreateTable", INVALID, given(**definition(TableName="t")), "at least 3 characters"),
    Probe("CreateTable", INVALID, given(**definition(TableName="a table"))),
    Probe("CreateTable", INVALID, given(**definition(BillingMode="PROVISIONED"))),
    Probe("CreateTable", INVALID, given(**definition(KeySchema=[{"AttributeName": "id", "KeyType": "RANGE"}]))),
    Probe("CreateTable", INVALID, given(**definition(AttributeDefinitions=[]))),
    Probe("CreateTable", INVALID, given(**definition(Tags=[{"Key": "aws:k", "Value": "v"}]))),
    Probe("DescribeTable", NOT_FOUND, given(**ABSENT)),
    Probe("ListTables", INVALID, given(Limit=101)),
    Probe("UpdateTable", NOT_FOUND, given(**ABSENT, **PROTECTED)),
    Probe("DeleteTable", NOT_FOUND, given(**ABSENT)),
    Probe("DeleteTable", IN_USE, new_table()),
    Probe("DeleteTable", INVALID, protected),
    Probe("GetItem", NOT_FOUND, given(**ABSENT, **KEY)),
    Probe("GetItem", NOT_FOUND, new_table(**KEY)),
    Probe("GetItem", INVALID, table(Key={"other": {"S": "one"}})),
    Probe("PutItem", NOT_FOUND, given(**ABSENT, **ITEM)),
    Probe("PutItem", FAILED, table(**ITEM, **IF_NEW)),
    Probe("PutItem", INVALID, table(Item={"other": {"S": "one"}})),
    Probe("PutItem", INVALID, table(Item={"id": {"N": "1"}})),
    Probe("PutItem", INVALID, table(**ITEM, ConditionExpression="exists(")),
    Probe("PutItem", INVALID, table(**ITEM, ConditionExpression="id = :w"), "not defined"),
    Probe("PutItem", INVALID, table(**ITEM, **IF_NEW, **VALUE), "unused"),
    Probe("PutItem", INVALID, table(**ITEM, **VALUE)),
    Probe("PutItem", INVALID, table(**ITEM, ConditionExpression="attribute_exists(name)"), "reserved"),
    Probe("PutItem", INVALID, table(Item={"id": {"S": "one"}, "v": {"S": "v" * 409_600}}), "size"),
    Probe("UpdateItem", NOT_FOUND, given(**ABSENT, **KEY, **SET)),
    Probe("UpdateItem", FAILED, table(**KEY, **SET, **IF_NEW)),
    Probe("UpdateItem", INVALID, table(**KEY, UpdateExpression="SET id = :v", **VALUE)),
    Probe("UpdateItem", INVALID, table(**KEY, UpdateExpression="CHANGE")),
    Probe("DeleteItem", NOT_FOUND, given(**ABSENT, **KEY)),
    Probe("DeleteItem", FAILED, table(**KEY, **IF_NEW)),
    Probe("Query", NOT_FOUND, given(**ABSENT, **FIND)),
    Probe("Scan", NOT_FOUND, given(**ABSENT)),
    Probe("UpdateTimeToLive", NOT_FOUND, given(**ABSENT, **TTL)),
    Probe("UpdateTimeToLive", INVALID, with_ttl, "already enabled"),
    Probe("DescribeTimeToLive", NOT_FOUND, given(**ABSENT)),
    Probe("TagResource", NOT_FOUND, given(**ABSENT_ARN, Tags=[{"Key": "k", "Value": "v"}])),
    Probe("UntagResource", NOT_FOUND, given(**ABSENT_ARN, TagKeys=["k"])),
    Probe("ListTagsOfResource", NOT_FOUND, given(**ABSENT_ARN)),
]
