"""Cloud Map's operations: SUBMITTED, PENDING, then SUCCESS or FAIL, over up to minutes."""

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.servicediscovery.models import Operation, ServiceDiscoveryBackend

from reconciler.sandbox.world import add, current


def install() -> None:
    add(Operation, "to_json", _to_json)
    add(ServiceDiscoveryBackend, "list_operations", _all)


def begin(
    discovery: Any,
    kind: str,
    targets: dict[str, str],
    *,
    then: Callable[[], object],
    error: tuple[str, str] | None = None,
) -> Any:
    """Start an operation; `then` runs when it has succeeded and somebody looks. `error` makes it FAIL instead."""
    operation = discovery.operations[discovery._create_operation(kind, targets)]
    operation.begun = current().clock.now()
    operation.ends = operation.begun + current().profile.namespace_operation
    operation.error = error
    operation.then = then
    settle(discovery)
    return operation


def settle(discovery: Any) -> None:
    """Let what has come to its end take effect. Called before every look at namespaces."""
    for operation in discovery.operations.values():
        then = operation.__dict__.get("then")
        if then is not None and status(operation) == "SUCCESS":
            operation.then = None
            then()


def status(operation: Any) -> str:
    now = current().clock.now()
    begun, ends = getattr(operation, "begun", now), getattr(operation, "ends", now)
    if now >= ends:
        return "FAIL" if getattr(operation, "error", None) else "SUCCESS"
    return "PENDING" if now >= begun + (ends - begun) / 3 else "SUBMITTED"


def under_way(discovery: Any, kind: str, **fields: Any) -> Any:
    """The running operation of this kind with these attributes, or None."""
    for operation in discovery.operations.values():
        running = operation.operation_type == kind and status(operation) in ("SUBMITTED", "PENDING")
        if running and all(getattr(operation, key, None) == value for key, value in fields.items()):
            return operation
    return None


def refuse(code: str, message: str, **members: str) -> JsonRESTError:
    """An error of Cloud Map's with the members that its model gives it (NamespaceId, DuplicateOperationId, ...)."""
    error = JsonRESTError(code, message)
    error.description = json.dumps({"__type": code, "Message": message, "message": message, **members})
    return error


def _to_json(operation: Any, short: bool = False) -> dict[str, Any]:
    answer = {"Id": operation.id, "Status": status(operation)}
    if short:
        return answer
    answer |= {"Type": operation.operation_type, "Targets": operation.targets}
    answer |= {"CreateDate": operation.created, "UpdateDate": operation.updated}
    if answer["Status"] == "FAIL":
        answer["ErrorCode"], answer["ErrorMessage"] = operation.error
    return answer


def _all(discovery: Any) -> list[Any]:
    """Also those whose namespace is gone."""
    return list(discovery.operations.values())
