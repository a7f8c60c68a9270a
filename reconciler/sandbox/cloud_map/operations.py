"""Cloud Map's operations, which are SUBMITTED, then PENDING, then SUCCESS or FAIL."""

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.servicediscovery.models import Operation, ServiceDiscoveryBackend

from reconciler.sandbox.world import add, current


def install() -> None:
    add(Operation, "to_json", _to_json)
    add(ServiceDiscoveryBackend, "list_operations", _list_operations)


def begin_operation(
    discovery: Any,
    kind: str,
    targets: dict[str, str],
    *,
    then: Callable[[], object],
    error: tuple[str, str] | None = None,
) -> Any:
    """Begin an operation. `then` runs at the first call after its success.

    With `error` (code, message) it fails.
    """
    operation = discovery.operations[discovery._create_operation(kind, targets)]
    operation.begun = current().clock.now()
    operation.ends = operation.begun + current().profile.namespace_operation
    operation.error = error
    operation.then = then
    apply_finished(discovery)
    return operation


def apply_finished(discovery: Any) -> None:
    """Let the operations that have succeeded take effect. Called before namespaces and services are read."""
    for operation in discovery.operations.values():
        then = operation.__dict__.get("then")
        if then is not None and operation_status(operation) == "SUCCESS":
            operation.then = None
            then()


def operation_status(operation: Any) -> str:
    """Return SUBMITTED, PENDING after a third of the operation's time, and SUCCESS or FAIL at its end."""
    now = current().clock.now()
    begun, ends = getattr(operation, "begun", now), getattr(operation, "ends", now)
    if now >= ends:
        return "FAIL" if getattr(operation, "error", None) else "SUCCESS"
    return "PENDING" if now >= begun + (ends - begun) / 3 else "SUBMITTED"


def find_running(discovery: Any, kind: str, **fields: Any) -> Any:
    """Return the operation of this kind with these attributes that is under way, or None."""
    for operation in discovery.operations.values():
        running = operation.operation_type == kind and operation_status(operation) in ("SUBMITTED", "PENDING")
        if running and all(getattr(operation, key, None) == value for key, value in fields.items()):
            return operation
    return None


def refuse_running(discovery: Any, kind: str, targets: dict[str, str]) -> None:
    """Refuse with DuplicateRequest if such an operation on these targets is under way."""
    if (running := find_running(discovery, kind, targets=targets)) is not None:
        message = f"The operation is already in progress: {running.id}"
        raise refuse("DuplicateRequest", message, DuplicateOperationId=running.id)


def refuse(code: str, message: str, **members: str) -> JsonRESTError:
    """Return an error of Cloud Map with the members of its model (NamespaceId, DuplicateOperationId, …)."""
    error = JsonRESTError(code, message)
    error.description = json.dumps({"__type": code, "Message": message, "message": message, **members})
    return error


def _to_json(operation: Any, short: bool = False) -> dict[str, Any]:
    answer = {"Id": operation.id, "Status": operation_status(operation)}
    if short:
        return answer
    answer |= {"Type": operation.operation_type, "Targets": operation.targets}
    answer |= {"CreateDate": operation.created, "UpdateDate": operation.updated}
    if answer["Status"] == "FAIL":
        answer["ErrorCode"], answer["ErrorMessage"] = operation.error
    return answer


def _list_operations(discovery: Any) -> list[Any]:
    """Return all operations, also those of deleted namespaces."""
    return list(discovery.operations.values())
