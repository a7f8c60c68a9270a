"""The record of a stack as an item of the DynamoDB table, and the calls that read and write it.

Every write names the state that it expects. If that state is not there, DynamoDB answers with the item that is
(ReturnValuesOnConditionCheckFailure), so that a run recognises what it wrote itself when the answer was lost.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from botocore.exceptions import ClientError

from reconciler.aws.errors import matches
from reconciler.aws.lease import words
from reconciler.errors import RunRefused
from reconciler.model.lease import Applied, Holder, Record

TABLE = "ecs-reconciler-leases"
KEY = "stack"
HOLDER = ("run", "command", "user", "host", "process", "actor", "since")
APPLIED = {
    "digest": "applied_digest",
    "at": "applied_at",
    "actor": "applied_by",
    "program": "applied_with",
    "resources": "applied_resources",
}
MEMORY = "memory"  # of the watch, see `reconciler.watch.memory`
READ = (*HOLDER, "version", *APPLIED.values(), MEMORY)
FREE: Mapping[str, str | None] = {"run": None}  # nobody holds the lease
NOT_FOUND = ("ResourceNotFoundException",)  # there is no table
CONDITION_FAILED = ("ConditionalCheckFailedException",)

Item = Mapping[str, Mapping[str, str]]


def put_holder(
    client: Any, stack: str, holder: Holder, only_if: Mapping[str, str | None], *, broken: bool = False
) -> Record | None:
    """Write the holder, if these attributes are as seen. `None`: it has been written, else what is there."""
    put = {**asdict(holder), "version": f"{holder.run}/0"} | ({"broken": "yes"} if broken else {})
    found = _update(client, stack, only_if, put, () if broken else ("broken",))
    return None if found and found.holder and found.holder.run == holder.run else found


def put_version(client: Any, stack: str, run: str, number: int) -> Record | None:
    """Write a heartbeat, if the run still holds the lease. `None`: it does; otherwise returns what is there."""
    return _update(client, stack, {"run": run}, {"version": f"{run}/{number}"})


def remove_holder(client: Any, stack: str, run: str, applied: Applied | None) -> Record | None:
    """Give the lease back, if the run holds it, and leave what it applied. Otherwise returns what is there."""
    left = {} if applied is None else {APPLIED[name]: value for name, value in asdict(applied).items()}
    return _update(client, stack, {"run": run}, left, (*HOLDER, "version", "broken"))


def put_memory(client: Any, stack: str, memory: str) -> None:
    """Write what a watch remembers of a stack, whoever holds its lease."""
    _update(client, stack, {}, {MEMORY: memory})


def read(client: Any, stack: str) -> Record:
    """Read the record of a stack; one without holder if there is none, or no table."""
    try:
        answer = client.get_item(TableName=TABLE, Key={KEY: {"S": stack}}, ConsistentRead=True)
    except ClientError as error:
        if matches(error, NOT_FOUND):
            return Record(stack)
        raise
    return parse(answer.get("Item", {}), stack)


def parse(item: Item, stack: str = "") -> Record:
    """Return the record of an item. Raises `RunRefused` if it is not one that this program wrote."""
    values = {name: value["S"] for name, value in item.items() if "S" in value}
    stack = values.get(KEY, stack)
    if foreign := [name for name in READ if name in item and name not in values]:
        raise RunRefused(words.not_ours(stack, TABLE, f"not texts: {', '.join(foreign)}"))
    if "run" in values and "version" not in values:  # it could never be taken over
        raise RunRefused(words.not_ours(stack, TABLE, "it has a holder, but no version"))
    holder = Holder(**{name: values.get(name, "") for name in HOLDER}) if "run" in values else None
    applied = {name: values.get(attribute, "") for name, attribute in APPLIED.items()}
    return Record(
        stack,
        values.get("version", ""),
        holder,
        "broken" in values,
        Applied(**applied) if any(applied.values()) else None,
        values.get(MEMORY, ""),
    )


def _update(
    client: Any,
    stack: str,
    only_if: Mapping[str, str | None],
    put: Mapping[str, str],
    remove: Collection[str] = (),
) -> Record | None:
    """Change attributes if others have these values (`None`: are absent). Otherwise returns what is there."""
    sets = ", ".join(f"#{name} = :{name}" for name in put)
    removes = ", ".join(f"#{name}" for name in remove)
    named = {*put, *remove, *only_if}
    values = {f":{name}": value for name, value in put.items()}
    values |= {f":if_{name}": value for name, value in only_if.items() if value is not None}
    try:
        client.update_item(
            TableName=TABLE,
            Key={KEY: {"S": stack}},
            UpdateExpression=" ".join([f"SET {sets}"] * bool(put) + [f"REMOVE {removes}"] * bool(remove)),
            **({"ConditionExpression": _condition(only_if)} if only_if else {}),
            # Many words are reserved: each attribute goes by another name.
            ExpressionAttributeNames={f"#{name}": name for name in named},
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if not matches(error, CONDITION_FAILED):
            raise
        return parse(error.response.get("Item", {}), stack)
    return None


def _condition(only_if: Mapping[str, str | None]) -> str:
    return " AND ".join(
        f"attribute_not_exists(#{name})" if value is None else f"#{name} = :if_{name}"
        for name, value in only_if.items()
    )
