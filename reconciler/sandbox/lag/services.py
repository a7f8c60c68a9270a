"""Lag of changed ECS services: DescribeServices shows the former state after an UpdateService."""

from copy import deepcopy
from typing import Any

from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import service_answer
from reconciler.sandbox.lag.former import find_former, note_former
from reconciler.sandbox.world import current, wrap


def install() -> None:
    wrap(EC2ContainerServiceResponse, "update_service", _update_service)
    wrap(EC2ContainerServiceResponse, "describe_services", _describe_services)


def _update_service(original: Any, response: Any) -> Any:
    """Update a service. Reads may show it as it was before for a while (terraform-provider-aws#18329)."""
    former = deepcopy(_describe(response)) if current().profile.lag else None
    answer = original(response)
    if former:
        note_former(response.ecs_backend, "service", former["serviceArn"], former)
    return answer


def _describe(response: Any) -> dict[str, Any] | None:
    cluster = response._get_param("cluster", "default").rpartition("/")[2]
    name = response._get_param("service").rpartition("/")[2]
    service = response.ecs_backend.services.get(f"{cluster}:{name}")
    return service_answer(service, tags=True) if service else None


def _describe_services(original: Any, response: Any) -> Any:
    answer = original(response)
    services = answer.result["services"]
    answer.result["services"] = [_as_before(response.ecs_backend, service) for service in services]
    return answer


def _as_before(ecs: Any, service: dict[str, Any]) -> dict[str, Any]:
    former = find_former(ecs, "service", service["serviceArn"])
    if former is None or service["status"] != "ACTIVE":
        return service
    return former if "tags" in service else {key: value for key, value in former.items() if key != "tags"}
