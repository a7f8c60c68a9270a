"""Cloud Map's lists: filtered, and a hundred to a page."""

import json
from collections.abc import Iterable
from typing import Any

from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.cloud_map.operations import refuse, settle, status
from reconciler.sandbox.world import add, wrap

PAGE = 100


def install() -> None:
    add(ServiceDiscoveryResponse, "list_namespaces", _namespaces)
    add(ServiceDiscoveryResponse, "list_services", _services)
    add(ServiceDiscoveryResponse, "list_operations", _operations)
    wrap(ServiceDiscoveryResponse, "list_instances", _hundred)


def _namespaces(response: Any) -> str:
    discovery = response.servicediscovery_backend
    counts: dict[str, int] = {}
    for service in discovery.services.values():
        counts[service.namespace_id] = counts.get(service.namespace_id, 0) + 1
    items = [{**n.to_json(), "ServiceCount": counts.get(n.id, 0)} for n in discovery.list_namespaces()]
    fields = {
        "NAME": lambda n: n["Name"],
        "TYPE": lambda n: n["Type"],
        "HTTP_NAME": lambda n: n["Properties"]["HttpProperties"].get("HttpName"),
    }
    return _answer(response, "Namespaces", items, fields)


def _services(response: Any) -> str:
    discovery = response.servicediscovery_backend
    settle(discovery)
    items = [service.to_json() for service in discovery.list_services()]
    return _answer(response, "Services", items, {"NAMESPACE_ID": lambda s: s["NamespaceId"]})


def _operations(response: Any) -> str:
    operations = {o.id: o for o in response.servicediscovery_backend.list_operations()}
    items = [operation.to_json(short=True) for operation in operations.values()]
    fields = {
        "NAMESPACE_ID": lambda o: operations[o["Id"]].targets.get("NAMESPACE"),
        "SERVICE_ID": lambda o: operations[o["Id"]].targets.get("SERVICE"),
        "STATUS": lambda o: status(operations[o["Id"]]),
        "TYPE": lambda o: operations[o["Id"]].operation_type,
    }
    return _answer(response, "Operations", items, fields)


def _answer(response: Any, member: str, items: Iterable[dict[str, Any]], fields: dict[str, Any]) -> str:
    params = json.loads(response.body)
    matching = list(items)
    for condition in params.get("Filters", []):
        if condition["Name"] == "RESOURCE_OWNER":
            continue
        if condition["Name"] not in fields:
            raise refuse("InvalidInput", f"The filter {condition['Name']} is not valid here.")
        field = fields[condition["Name"]]
        matching = [item for item in matching if _matches(field(item), condition)]
    page, token = response.servicediscovery_backend.paginate(
        matching, max_results=params.get("MaxResults", PAGE), next_token=params.get("NextToken")
    )
    return json.dumps({member: page, **({"NextToken": token} if token else {})})


def _matches(value: str | None, condition: dict[str, Any]) -> bool:
    if condition.get("Condition") == "BEGINS_WITH":
        return value is not None and value.startswith(tuple(condition["Values"]))
    return value in condition["Values"]


def _hundred(original: Any, response: Any) -> Any:
    params = json.loads(response.body)
    response.body = json.dumps({"MaxResults": PAGE, **params})
    return original(response)
