"""Ids of namespaces and services, which AWS makes of 16 characters, and for which it also takes their ARNs."""

import json
from typing import Any

from moto.core.responses import BaseResponse
from moto.servicediscovery.exceptions import OperationNotFound
from moto.servicediscovery.models import Namespace, Service, ServiceDiscoveryBackend, random_id
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.world import wrap

_IDS = ("Id", "ServiceId", "NamespaceId")


def install() -> None:
    wrap(BaseResponse, "call_action", _shorten_ids)
    wrap(Namespace, "__init__", _begin_namespace)
    wrap(Service, "__init__", _begin_service)
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


def _begin_namespace(original: Any, namespace: Any, *args: Any, **kwargs: Any) -> None:
    original(namespace, *args, **kwargs)
    _set_id(namespace, "ns")


def _begin_service(original: Any, service: Any, *args: Any, **kwargs: Any) -> None:
    original(service, *args, **kwargs)
    _set_id(service, "srv")


def _set_id(thing: Any, prefix: str) -> None:
    """Give it an id as long as AWS's, of 16 letters and digits (Cloud Map API reference, examples)."""
    thing.id = f"{prefix}-{random_id(16)}"
    thing.arn = f"{thing.arn.rpartition('/')[0]}/{thing.id}"
