"""Refused calls of Cloud Map about the discovery of instances."""

from collections.abc import Mapping
from typing import Any

from makers import client_of

from refusals.probe import Probe

OPERATIONS = ("DiscoverInstances", "DiscoverInstancesRevision")


def named(service: str = "absent", **fields: Any) -> Mapping[str, Any]:
    """Create a namespace with the service `web`, and return a call about a service."""
    discovery = client_of("servicediscovery")
    created = discovery.create_http_namespace(Name="local")["OperationId"]
    namespace = discovery.get_operation(OperationId=created)["Operation"]["Targets"]["NAMESPACE"]
    discovery.create_service(Name="web", NamespaceId=namespace)
    return {"NamespaceName": "local", "ServiceName": service, **fields}


ABSENT = {"NamespaceName": "absent", "ServiceName": "web"}
PROBES = [
    *(Probe(operation, "NamespaceNotFound", lambda: ABSENT) for operation in OPERATIONS),
    *(Probe(operation, "ServiceNotFound", named) for operation in OPERATIONS),
    Probe("DiscoverInstances", "InvalidInput", lambda: named("web", HealthStatus="ILL")),
    Probe("DiscoverInstances", "InvalidInput", lambda: named("web", MaxResults=1001)),
    Probe("DiscoverInstancesRevision", "InvalidInput", lambda: named("web", OwnerAccount="0" * 12)),
]
