"""What the parts of the blueprint know of a load balancer, and of the services behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.blueprint.context import Context
from reconciler.model.references import Address, Ref
from reconciler.resources.ecs_service import EcsService


@dataclass(frozen=True)
class Balancer:
    """The Refs to a load balancer, to its name in metrics, and to its listeners by name."""

    ref: Ref
    dimension: Ref
    listeners: Mapping[str, Ref]


def find_server(context: Context, name: str) -> Address | None:
    """Return the address of an ECS service; None if it runs no tasks, which nothing could wait for."""
    service = context.platform.services[name]
    runs = service.desired_count or (service.scaling and service.scaling.min)
    return Address(EcsService.kind, context.names.service(name)) if runs else None
