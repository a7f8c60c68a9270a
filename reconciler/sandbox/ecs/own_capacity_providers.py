"""Capacity providers of the region: AWS's own for Fargate, and those that people make."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import EcsClientException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.checks import FARGATE_PROVIDERS, NAME_PATTERN
from reconciler.sandbox.ecs.not_played import not_played
from reconciler.sandbox.ecs.tag_checks import check_tags
from reconciler.sandbox.world import add, wrap

RESERVED = ("aws", "ecs", "fargate")  # the beginnings of AWS's own names
PAGE = 10  # providers of a describe
NAMES_LIMIT = 100  # of a describe


def install() -> None:
    add(EC2ContainerServiceResponse, "describe_capacity_providers", describe_capacity_providers)
    add(EC2ContainerServiceResponse, "delete_capacity_provider", delete_capacity_provider)
    wrap(EC2ContainerServiceResponse, "create_capacity_provider", _create_capacity_provider)
    wrap(EC2ContainerServiceResponse, "update_capacity_provider", _update_capacity_provider)


def describe_capacity_providers(response: Any) -> ActionResult:
    """Describe providers by name or ARN, or all of them in pages of ten; absent ones are MISSING."""
    ecs = response.ecs_backend
    asked = response._get_param("capacityProviders", [])
    if len(asked) > NAMES_LIMIT:
        raise InvalidParameterException(f"capacityProviders can have at most {NAMES_LIMIT} items.")
    size = response._get_int_param("maxResults", PAGE)
    token = response._get_param("nextToken") or "0"
    if not 1 <= size <= PAGE or not token.isdecimal():
        raise InvalidParameterException("Invalid token or maxResults, which must be between 1 and 10.")
    tags = "TAGS" in response._get_param("include", [])
    names = asked or [*FARGATE_PROVIDERS, *ecs.capacity_providers]
    found = [(name, _answer(ecs, name.rpartition("/")[2], tags=tags)) for name in names]
    begin, end = (0, len(found)) if asked else (int(token), int(token) + size)
    more = {"nextToken": str(end)} if end < len(found) else {}
    prefix = f"arn:{ecs.partition}:ecs:{ecs.region_name}:{ecs.account_id}:capacity-provider"
    return ActionResult(
        {
            "capacityProviders": [provider for _, provider in found[begin:end] if provider],
            "failures": [
                {"arn": name if name.startswith("arn:") else f"{prefix}/{name}", "reason": "MISSING"}
                for name, provider in found
                if not provider
            ],
        }
        | more
    )


def _answer(ecs: Any, name: str, *, tags: bool) -> dict[str, Any] | None:
    if name in FARGATE_PROVIDERS:
        arn = f"arn:{ecs.partition}:ecs:{ecs.region_name}:{ecs.account_id}:capacity-provider/{name}"
        return {"capacityProviderArn": arn, "name": name, "status": "ACTIVE", "tags": []}
    provider = ecs.capacity_providers.get(name)
    return provider and {
        "capacityProviderArn": provider.capacity_provider_arn,
        "name": provider.name,
        "status": provider.status,
        "autoScalingGroupProvider": provider.auto_scaling_group_provider,
        "tags": (provider.tags or []) if tags else [],
    }


def _create_capacity_provider(original: Any, response: Any) -> ActionResult:
    """Create a provider for an Auto Scaling group. It can be associated, but no task can use it."""
    sent = response._get_params()
    name = sent["name"]
    if not NAME_PATTERN.fullmatch(name) or name.lower().startswith(RESERVED):
        raise InvalidParameterException(f"The specified capacity provider name is invalid: {name}.")
    check_tags(sent.get("tags", []))
    if "managedInstancesProvider" in sent:
        raise not_played("Managed Instances")
    if "autoScalingGroupProvider" not in sent:
        raise InvalidParameterException("An Auto Scaling group provider must be specified.")
    if name in response.ecs_backend.capacity_providers:
        raise InvalidParameterException(f"The specified capacity provider already exists: {name}.")
    group = sent["autoScalingGroupProvider"]["autoScalingGroupArn"]
    for provider in response.ecs_backend.capacity_providers.values():
        if provider.auto_scaling_group_provider["autoScalingGroupArn"] == group:
            raise InvalidParameterException(  # containers-roadmap#632
                "The specified Auto Scaling group ARN is already being used by another capacity provider."
            )
    return original(response)


def _update_capacity_provider(original: Any, response: Any) -> ActionResult:
    _require(response.ecs_backend, response._get_param("name"))
    return original(response)


def delete_capacity_provider(response: Any) -> ActionResult:
    """Delete a provider that no cluster has."""
    ecs, name = response.ecs_backend, response._get_param("capacityProvider").rpartition("/")[2]
    _require(ecs, name)
    for cluster in ecs.clusters.values():
        if cluster.status != "INACTIVE" and name in (cluster.capacity_providers or []):
            raise EcsClientException(
                f"The capacity provider cannot be deleted because it is associated with cluster: {cluster.name}. "
                "Remove the capacity provider from the cluster and try again."
            )
    answer = _answer(ecs, name, tags=True)
    del ecs.capacity_providers[name]
    return ActionResult({"capacityProvider": (answer or {}) | {"updateStatus": "DELETE_IN_PROGRESS"}})


def _require(ecs: Any, name: str) -> None:
    """Refuse AWS's own providers, and those that are not there (terraform-provider-aws)."""
    if name.rpartition("/")[2] in FARGATE_PROVIDERS:
        raise InvalidParameterException(
            f"The capacity provider {name} is reserved: it cannot be changed or deleted."
        )
    if name.rpartition("/")[2] not in ecs.capacity_providers:
        raise EcsClientException("The specified capacity provider does not exist.")
