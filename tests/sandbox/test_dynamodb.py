"""DynamoDB's tables come and go in their own time."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

from reconciler.sandbox import REAL, Clock, install

KEY = {"stack": {"S": "shop"}}


@pytest.fixture
def dynamodb(aws: object, clock: Clock) -> Any:
    install(REAL, clock=clock)
    make_table(client_of("dynamodb"))
    return client_of("dynamodb")


def make_table(dynamodb: Any) -> None:
    dynamodb.create_table(
        TableName="leases",
        AttributeDefinitions=[{"AttributeName": "stack", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "stack", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def status(dynamodb: Any) -> str:
    return str(dynamodb.describe_table(TableName="leases")["Table"]["TableStatus"])


def refusal(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(TableName="leases", **params)
    return code_of(refused)


def test_a_new_table_cannot_be_used_at_once(dynamodb, clock):
    assert status(dynamodb) == "CREATING"
    assert refusal(dynamodb.get_item, Key=KEY) == "ResourceNotFoundException"
    assert refusal(dynamodb.update_item, Key=KEY) == "ResourceNotFoundException"
    assert refusal(dynamodb.delete_table) == "ResourceInUseException"
    with pytest.raises(ClientError, match="ResourceInUseException"):
        make_table(dynamodb)
    clock.advance(REAL.table)
    assert status(dynamodb) == "ACTIVE"
    assert "Item" not in dynamodb.get_item(TableName="leases", Key=KEY)


def test_a_deleted_table_goes_after_a_while(dynamodb, clock):
    clock.advance(REAL.table)
    dynamodb.delete_table(TableName="leases")
    assert status(dynamodb) == "DELETING"
    assert refusal(dynamodb.get_item, Key=KEY) == "ResourceNotFoundException"
    dynamodb.delete_table(TableName="leases")  # again is no error
    clock.advance(REAL.table)
    assert refusal(dynamodb.describe_table) == "ResourceNotFoundException"
    make_table(dynamodb)
    assert status(dynamodb) == "CREATING"


def test_an_update_tells_what_it_updated_without_the_key(dynamodb, clock):
    clock.advance(REAL.table)
    told = dynamodb.update_item(
        TableName="leases",
        Key=KEY,
        UpdateExpression="SET held = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
        ReturnValues="UPDATED_NEW",
    )
    assert told["Attributes"] == {"held": {"BOOL": True}}
