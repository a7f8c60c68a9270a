"""The condition keys of services that are made from several parameters of a call, or from their contents.

(Service authorization reference; DynamoDB developer guide, "Using IAM policy conditions for fine-grained access
control"; Route 53 developer guide, "Using IAM policy conditions for fine-grained access control".)
"""

import re
from collections.abc import Iterator
from typing import Any

from moto.dynamodb import dynamodb_backends

from reconciler.sandbox.authorization.call import Call, listed

_EXPRESSIONS = ("ConditionExpression", "ProjectionExpression", "UpdateExpression")
_NAME = re.compile(r"(?<![\w.:#])#?[A-Za-z_]\w*(?!\w*\s*\()")  # no value, no part of another, and no function
_WORDS = frozenset({"add", "and", "between", "delete", "in", "not", "or", "remove", "set"})


def special_keys(call: Call) -> Iterator[tuple[str, Any]]:
    """Yield the keys with their values."""
    if call.service == "ecs" and "cluster" not in call.operation.lower():
        name = str(call.sent.get("cluster", "default")).rpartition("/")[2]
        yield "ecs:cluster", call.arn(f"cluster/{name}")
    if call.service == "dynamodb":
        yield "dynamodb:LeadingKeys", _leading_keys(call)
        yield "dynamodb:Attributes", sorted(_attributes(call))
    if call.action == "route53:ChangeResourceRecordSets":
        yield "route53:ChangeResourceRecordSetsNormalizedRecordNames", _names_of_records(call)
    if call.operation == "CreateService" and (namespace := call.sent.get("NamespaceId")):
        yield "servicediscovery:NamespaceArn", call.arn(f"namespace/{namespace}")
    if call.operation == "PutTargets":
        yield "events:TargetArn", [target["Arn"] for target in listed(call.sent.get("Targets"))]
    if call.service == "ec2":
        yield "ec2:Region", call.region


def _leading_keys(call: Call) -> list[str]:
    """Return the values of the partition key in the items that a call of DynamoDB is for."""
    table = dynamodb_backends[call.account][call.region].tables.get(
        str(call.sent.get("TableName")).rpartition("/")[2]
    )
    items = [call.sent.get("Key"), call.sent.get("Item")]
    found = [item.get(table.hash_key_attr) for item in items if item] if table else []
    return [str(text) for value in found if value for text in value.values()]


def _attributes(call: Call) -> set[str]:
    """Return the names of the attributes, of an item and not within one, that a call of DynamoDB names."""
    sent = call.sent
    names = sent.get("ExpressionAttributeNames") or {}
    words = [word for text in _EXPRESSIONS for word in _NAME.findall(str(sent.get(text) or ""))]
    spoken = {names.get(word, word) for word in words if word.lower() not in _WORDS}
    return spoken.union(sent.get("Key") or {}, sent.get("Item") or {}, sent.get("AttributesToGet") or ())


def _names_of_records(call: Call) -> list[str]:
    """Return the names of the records that a call changes, in lower case and without the point at the end."""
    changes = listed((call.sent.get("ChangeBatch") or {}).get("Changes"))
    return [str(change["ResourceRecordSet"]["Name"]).lower().removesuffix(".") for change in changes]
