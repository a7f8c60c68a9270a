"""What DynamoDB refuses of tables and expressions, and moto does not."""

import re
from typing import Any

from moto.dynamodb.exceptions import MockValidationException, ResourceNotFoundException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler

from reconciler.sandbox.world import wrap

_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
_EXPRESSIONS = (
    "ConditionExpression",
    "UpdateExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
_VALUE = re.compile(r":[A-Za-z0-9_]+")


def install() -> None:
    wrap(DynamoHandler, "create_table", _create_table)
    for action in ("put_item", "update_item", "delete_item", "query", "scan"):
        wrap(DynamoHandler, action, _check_expressions)
    wrap(DynamoDBBackend, "tag_resource", _tag)
    wrap(DynamoDBBackend, "untag_resource", _untag)
    wrap(DynamoDBBackend, "update_time_to_live", _update_ttl)
    wrap(DynamoDBBackend, "describe_time_to_live", _find_first)


def _create_table(original: Any, response: Any) -> Any:
    name = response.body["TableName"]
    if not name.startswith("arn:") and not _NAME.fullmatch(name):
        raise MockValidationException(
            "Invalid table name: TableName must be at least 3 characters long and at most 255 characters long, "
            "and contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"
        )
    keys = response.body.get("KeySchema")
    if not keys:
        constraint = "failed to satisfy constraint: Member must not be null"
        raise MockValidationException(f"1 validation error detected: Value null at 'keySchema' {constraint}")
    if keys[0]["KeyType"] != "HASH":
        raise MockValidationException("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    return original(response)


def _check_expressions(original: Any, response: Any) -> Any:
    """Refuse expressions that cannot be read, and values that are not defined or not used."""
    body = response.body
    texts = [body[name] for name in _EXPRESSIONS if body.get(name)]
    given, used = set(body.get("ExpressionAttributeValues") or ()), set(_VALUE.findall(" ".join(texts)))
    if given and not texts:
        raise MockValidationException("ExpressionAttributeValues can only be specified when using expressions")
    if missing := sorted(used - given):
        message = (
            f"An expression attribute value used in expression is not defined; attribute value: {missing[0]}"
        )
        raise MockValidationException(f"Invalid expression: {message}")
    if unused := sorted(given - used):
        keys = ", ".join(unused)
        message = f"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{keys}}}"
        raise MockValidationException(message)
    try:
        return original(response)
    except (ValueError, KeyError, IndexError) as unread:
        if not texts:
            raise
        raise MockValidationException(f"Invalid expression: Syntax error: {unread}") from None


def _tag(original: Any, dynamodb: Any, arn: str, tags: dict[str, str]) -> Any:
    """Tag a table; a tag that is sent again replaces the old one."""
    dynamodb.untag_resource(arn, [*tags])
    return original(dynamodb, arn, tags)


def _untag(original: Any, dynamodb: Any, arn: str, tag_keys: list[str]) -> Any:
    if all(table.table_arn != arn for table in dynamodb.tables.values()):
        raise ResourceNotFoundException(f"Requested resource not found: ResourceArn: {arn} not found")
    return original(dynamodb, arn, tag_keys)


def _update_ttl(original: Any, dynamodb: Any, table_name: str, ttl_spec: dict[str, Any]) -> Any:
    if table_name not in dynamodb.tables:
        raise ResourceNotFoundException(f"Requested resource not found: Table: {table_name} not found")
    enabled = dynamodb.tables[table_name].ttl["TimeToLiveStatus"] == "ENABLED"
    if enabled == ttl_spec["Enabled"]:
        raise MockValidationException(f"TimeToLive is already {'enabled' if enabled else 'disabled'}")
    return original(dynamodb, table_name, ttl_spec)


def _find_first(original: Any, dynamodb: Any, table_name: str) -> Any:
    if table_name not in dynamodb.tables:
        raise ResourceNotFoundException(f"Requested resource not found: Table: {table_name} not found")
    return original(dynamodb, table_name)
