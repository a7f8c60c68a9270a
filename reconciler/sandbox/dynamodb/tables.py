"""Tables that are CREATING for a while before they are ACTIVE, and DELETING for a while before they go."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.dynamodb.exceptions import ResourceInUseException, ResourceNotFoundException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from reconciler.sandbox.world import current, wrap


def install() -> None:
    wrap(DynamoDBBackend, "create_table", _create)
    wrap(DynamoDBBackend, "delete_table", _delete)
    wrap(DynamoDBBackend, "describe_table", _describe_table)
    wrap(DynamoDBBackend, "get_table", _get_usable)
    wrap(Table, "describe", _describe)
    wrap(DynamoHandler, "create_table", _answer_creating)
    wrap(DynamoHandler, "update_item", _answer_updated)
    wrap(DynamoHandler, "delete_table", _answer_deleting)


def _create(original: Any, dynamodb: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    _forget_deleted(dynamodb)
    table = original(dynamodb, name, *args, **kwargs)
    table.own_id = str(uuid5(NAMESPACE_URL, f"{table.table_arn} {current().clock.now()}"))
    table.usable_at = current().clock.now() + current().profile.table
    return table


def _delete(original: Any, dynamodb: Any, name: str) -> Any:
    """Begin to delete a table. One that is being created is in use; one that is being deleted is no error."""
    _forget_deleted(dynamodb)
    table = dynamodb.tables.get(name)
    if table is None or not current().profile.table:
        return original(dynamodb, name)
    if _status(table) == "CREATING":
        raise ResourceInUseException(f"Table is being created: {name}")
    table.__dict__.setdefault("gone_at", current().clock.now() + current().profile.table)
    return table


def _describe_table(original: Any, dynamodb: Any, name: str) -> Any:
    """Describe tables that cannot be used, too, which moto would look up as for an item."""
    _forget_deleted(dynamodb)
    table = dynamodb.tables.get(name)
    return table.describe(base_key="Table") if table else original(dynamodb, name)


def _get_usable(original: Any, dynamodb: Any, table_name: str) -> Any:
    """Find a table for its items, which are not found before it is ACTIVE, nor while it is deleted."""
    table = original(dynamodb, table_name)
    if _status(table) != "ACTIVE":
        raise ResourceNotFoundException
    return table


def _describe(original: Any, table: Any, base_key: str = "TableDescription") -> Any:
    described = original(table, base_key)
    described[base_key]["TableStatus"] = _status(table)
    described[base_key]["TableId"] = table.own_id
    return described


def _answer_creating(original: Any, handler: Any) -> Any:
    """Answer with a table that is being created, however soon it is there (DynamoDB API reference)."""
    return _answer_with(original(handler), "CREATING")


def _answer_deleting(original: Any, handler: Any) -> Any:
    return _answer_with(original(handler), "DELETING")


def _answer_updated(original: Any, handler: Any) -> Any:
    """Answer without the key, which no update changes, where what was updated is asked for."""
    answer, body = original(handler), handler.body
    if str(body.get("ReturnValues")).startswith("UPDATED") and answer.result.get("Attributes"):
        told = answer.result["Attributes"].items()
        answer.result["Attributes"] = {name: value for name, value in told if name not in body["Key"]}
    return answer


def _answer_with(answer: Any, status: str) -> Any:
    answer.result["TableDescription"]["TableStatus"] = status
    return answer


def _status(table: Any) -> str:
    if hasattr(table, "gone_at"):
        return "DELETING"
    return "CREATING" if current().clock.now() < getattr(table, "usable_at", 0) else "ACTIVE"


def _forget_deleted(dynamodb: Any) -> None:
    now = current().clock.now()
    for name in [n for n, table in dynamodb.tables.items() if now >= getattr(table, "gone_at", now + 1)]:
        del dynamodb.tables[name]
