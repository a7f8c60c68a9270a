"""The first cluster of an account: ECS makes its service-linked role, which is in force some time later.

Until then ECS refuses capacity providers, in CreateCluster, PutClusterCapacityProviders and CreateService
(aws-cloudformation/cloudformation-coverage-roadmap#818, alchemy#1558). A cluster whose create it refuses may be
there all the same, ACTIVE and without providers.
"""

from typing import Any

from moto.ecs import ecs_backends
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.iam import iam_backends

from reconciler.sandbox.chance import draw
from reconciler.sandbox.iam.service_linked_roles import make_linked_role
from reconciler.sandbox.world import current, wrap

_PATH = "/aws-service-role/ecs.amazonaws.com/"
_CLUSTER_IS_LEFT = 0.5  # rate of refused creates that leave a cluster: an assumption, both were seen


def install() -> None:
    wrap(EC2ContainerServiceResponse, "create_cluster", _create_cluster)
    wrap(EC2ContainerServiceResponse, "put_cluster_capacity_providers", _put_providers)
    wrap(EC2ContainerServiceResponse, "create_service", _create_service)


def _create_cluster(original: Any, response: Any) -> Any:
    sent, ecs = response._get_params(), response.ecs_backend
    _note_first_cluster(response)
    name = sent.get("clusterName", "default")
    there = name in ecs.clusters and ecs.clusters[name].status == "ACTIVE"
    if there or not sent.get("capacityProviders") or _is_role_in_force(response):
        return original(response)
    if draw("first cluster") < _CLUSTER_IS_LEFT:
        original(response)
        cluster = ecs.clusters[name]
        cluster.capacity_providers, cluster.default_capacity_provider_strategy = [], []
        cluster.associated = current().clock.now()
    raise _refusal()


def _put_providers(original: Any, response: Any) -> Any:
    if response._get_param("capacityProviders") and not _is_role_in_force(response):
        raise _refusal()
    return original(response)


def _create_service(original: Any, response: Any) -> Any:
    if response._get_param("capacityProviderStrategy") and not _is_role_in_force(response):
        raise _refusal()
    return original(response)


def _note_first_cluster(response: Any) -> None:
    """Record on moto's backend of IAM when the role is in force, unless the account has, or had, a cluster."""
    make_linked_role(response.current_account, response.partition, "ecs.amazonaws.com")
    iam = _iam(response)
    if "ecs_role_in_force_at" in iam.__dict__:
        return
    known = any(ecs.clusters for ecs in ecs_backends[response.current_account].values())
    longest = 0 if known else current().profile.service_linked_role
    iam.ecs_role_in_force_at = current().clock.now() + longest * (1 + draw("service-linked role")) / 2


def _is_role_in_force(response: Any) -> bool:
    """Tell whether ECS can assume its role. A person may have made it before (CreateServiceLinkedRole)."""
    iam = _iam(response)
    made = any(
        role.path == _PATH and not getattr(role, "made_by_service", False) for role in iam.roles.values()
    )
    return made or bool(current().clock.now() >= iam.__dict__.get("ecs_role_in_force_at", 0.0))


def _iam(response: Any) -> Any:
    return iam_backends[response.current_account][response.partition]


def _refusal() -> InvalidParameterException:
    return InvalidParameterException(
        "Unable to assume the service linked role. Please verify that the ECS service linked role exists."
    )
