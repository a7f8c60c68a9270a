"""Cloud Map's lists, with filters and pages of a hundred."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from reconciler.sandbox.cloud_map.operations import apply_finished, operation_status, refuse
from reconciler.sandbox.world import add, wrap

PAGE_SIZE = 100


def install() -> None:
    add(ServiceDiscoveryResponse, "get_namespace", _get_namespace)
    add(ServiceDiscoveryResponse, "list_namespaces", _list_namespaces)
    add(ServiceDiscoveryResponse, "list_services", _list_services)
    add(ServiceDiscoveryResponse, "list_operations", _list_operations)
    wrap(ServiceDiscoveryResponse, "list_instances", _list_instances)
    wrap(ServiceDiscoveryBackend, "paginate", _paginate)


def _get_namespace(response: Any) -> str:
    discovery = response.servicediscovery_backend
    namespace = discovery.get_namespace(response._get_param("Id"))
    count = _count_services(discovery)[namespace.id]
    return json.dumps({"Namespace": {**namespace.to_json(), "ServiceCount": count}})


def _count_services(discovery: Any) -> Counter[str]:
    return Counter(service.namespace_id for service in discovery.services.values())


def _list_namespaces(response: Any) -> str:
    discovery = response.servicediscovery_backend
    counts = _count_services(discovery)
    items = [{**n.to_json(), "ServiceCount": counts[n.id]} for n in discovery.list_namespaces()]
    fields = {
        "NAME": lambda n: n["Name"],
        "TYPE": lambda n: n["Type"],
        "HTTP_NAME": lambda n: n["Properties"]["HttpProperties"].get("HttpName"),
    }
    return _answer(response, "Namespaces", items, fields)


def _list_services(response: Any) -> str:
    discovery = response.servicediscovery_backend
    apply_finished(discovery)
    items = [service.to_json() for service in discovery.list_services()]
    return _answer(response, "Services", items, {"NAMESPACE_ID": lambda s: s["NamespaceId"]})


def _list_operations(response: Any) -> str:
    operations = {o.id: o for o in response.servicediscovery_backend.list_operations()}
    items = [operation.to_json(short=True) for operation in operations.values()]
    fields = {
        "NAMESPACE_ID": lambda o: operations[o["Id"]].targets.get("NAMESPACE"),
        "SERVICE_ID": lambda o: operations[o["Id"]].targets.get("SERVICE"),
        "STATUS": lambda o: operation_status(operations[o["Id"]]),
        "TYPE": lambda o: operations[o["Id"]].operation_type,
        "UPDATE_DATE": lambda o: str(operations[o["Id"]].updated),
    }
    return _answer(response, "Operations", items, fields)


def _answer(response: Any, member: str, items: Iterable[dict[str, Any]], fields: dict[str, Any]) -> str:
    """Answer with a page of the items that pass the filters. `fields` has a getter for each valid filter."""
    params = json.loads(response.body)
    matching = list(items)
    for condition in params.get("Filters", []):
        if condition["Name"] == "RESOURCE_OWNER":
            continue
        if condition["Name"] not in fields:
            raise refuse("InvalidInput", f"The filter {condition['Name']} is not valid here.")
        if condition.get("Condition", "EQ") in ("EQ", "BEGINS_WITH") and len(condition["Values"]) != 1:
            raise refuse("InvalidInput", f"The filter {condition['Name']} takes one value with this condition.")
        field = fields[condition["Name"]]
        matching = [item for item in matching if _matches(field(item), condition)]
    page, token = response.servicediscovery_backend.paginate(
        matching, max_results=params.get("MaxResults", PAGE_SIZE), next_token=params.get("NextToken")
    )
    return json.dumps({member: page, **({"NextToken": token} if token else {})})


def _matches(value: str | None, condition: dict[str, Any]) -> bool:
    if condition.get("Condition") == "BEGINS_WITH":
        return value is not None and value.startswith(tuple(condition["Values"]))
    if condition.get("Condition") == "BETWEEN":
        begin, end = sorted(float(bound) for bound in condition["Values"])
        return value is not None and begin <= float(value) <= end
    return value in condition["Values"]


def _paginate(original: Any, discovery: Any, items: Any, **page: Any) -> Any:
    """Return a page of the items, and refuse a token that no earlier answer gave."""
    token = page.get("next_token")
    if token is not None and not (token.isdigit() and 0 < int(token) <= len(items)):
        raise refuse("InvalidInput", "Invalid NextToken")
    return original(discovery, items, **page)


def _list_instances(original: Any, response: Any) -> Any:
    """List instances, a hundred to a page unless the call says MaxResults."""
    params = json.loads(response.body)
    response.body = json.dumps({"MaxResults": PAGE_SIZE, **params})
    return original(response)
