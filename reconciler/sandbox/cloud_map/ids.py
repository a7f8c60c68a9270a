"""Ids of namespaces and services, for which AWS also takes their ARNs."""

import json
from typing import Any

from moto.core.responses import BaseResponse
from moto.servicediscovery.exceptions import OperationNotFound
from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.world import wrap

_IDS = ("Id", "ServiceId", "NamespaceId")


def install() -> None:
    wrap(BaseResponse, "call_action", _shorten_ids)
    wrap(ServiceDiscoveryBackend, "get_operation", _get_operation)


def _shorten_ids(original: Any, response: Any) -> Any:
    """Replace an ARN by the id that it ends in (Cloud Map API reference, "Id")."""
    if not isinstance(response, ServiceDiscoveryResponse):
        return original(response)
    try:
        sent = json.loads(response.body or "{}")
    except ValueError:
        return original(response)
    ids = {key: sent[key].rpartition("/")[2] for key in _IDS if str(sent.get(key, "")).startswith("arn:")}
    if ids:
        response.body = json.dumps(sent | ids)
    return original(response)


def _get_operation(original: Any, discovery: Any, operation_id: str) -> Any:
    try:
        return original(discovery, operation_id)
    except OperationNotFound as absent:
        absent.description = json.dumps(
            {"__type": "OperationNotFound", "Message": f"The operation {operation_id} does not exist."}
        )
        raise
