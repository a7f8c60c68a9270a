"""Lag in ECS: DescribeServices misses a new service."""

from typing import Any

from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.lag.freshness import make_fresh, read_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(EC2ContainerServiceResponse, "create_service", _create_fresh_service)
    wrap(EC2ContainerServiceResponse, "describe_services", _describe_services)


def _create_fresh_service(original: Any, response: Any) -> Any:
    known = set(response.ecs_backend.services)
    answer = original(response)
    for key in set(response.ecs_backend.services) - known:
        make_fresh(response.ecs_backend, "service", key)
    return answer


def _describe_services(original: Any, response: Any) -> Any:
    """Describe services; a fresh one that the read misses is MISSING (terraform waits for two minutes)."""
    answer = original(response)
    ecs, found = response.ecs_backend, []
    for service in answer.result["services"]:
        cluster = service["clusterArn"].rpartition("/")[2]
        if read_misses(ecs, "service", f"{cluster}:{service['serviceName']}"):
            answer.result["failures"].append({"arn": service["serviceArn"], "reason": "MISSING"})
        else:
            found.append(service)
    answer.result["services"] = found
    return answer
