"""What ECS makes of a task definition that is registered: its defaults, and lists in another order.

AWS returns containers, environment, ports and the like in an order of its own (recorded). Here they are
reversed, so that no client relies on the order in which they were sent.
"""

from typing import Any

from reconciler.sandbox.ecs.fargate_checks import to_units

REVERSED = ("environment", "portMappings", "volumesFrom", "links")


def fill_definition(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with sizes in units and the defaults that ECS fills in."""
    awsvpc = sent.get("networkMode") == "awsvpc"
    sizes = {name: str(to_units(sent[name])) for name in ("cpu", "memory") if name in sent}
    containers = [_fill_container(container, awsvpc=awsvpc) for container in sent["containerDefinitions"]]
    lists: dict[str, Any] = {"containerDefinitions": containers[::-1]}
    if "requiresCompatibilities" in sent:
        lists["requiresCompatibilities"] = sorted(sent["requiresCompatibilities"])
    if "volumes" in sent:
        lists["volumes"] = [_fill_volume(volume) for volume in sent["volumes"]]
    return sent | sizes | lists


def _fill_container(container: dict[str, Any], *, awsvpc: bool) -> dict[str, Any]:
    filled = {"systemControls": [], "versionConsistency": "enabled", **container}
    filled |= {name: container[name][::-1] for name in REVERSED if name in container}
    ports = filled.get("portMappings", [])
    filled["portMappings"] = [_fill_port(mapping, awsvpc=awsvpc) for mapping in ports]
    if "healthCheck" in container:
        filled["healthCheck"] = {"interval": 30, "timeout": 5, "retries": 3, **container["healthCheck"]}
    return filled


def _fill_port(mapping: dict[str, Any], *, awsvpc: bool) -> dict[str, Any]:
    host = mapping.get("containerPort", 0) if awsvpc else mapping.get("hostPort", 0)
    return {"protocol": "tcp", **mapping, "hostPort": host}


def _fill_volume(volume: dict[str, Any]) -> dict[str, Any]:
    """Return a volume that says where it is: one with a name only is on its host (recorded)."""
    return volume if len(volume) > 1 else {**volume, "host": {}}
