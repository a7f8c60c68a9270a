"""The ECS cluster, its private DNS namespace, and the role that starts its tasks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desired_state.platform import Platform
from reconciler.blueprint.context import Context
from reconciler.blueprint.env_files import env_file_statements
from reconciler.blueprint.network_parts import Network
from reconciler.blueprint.secrets import secret_statements
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.ecs_cluster import EcsCluster, Share
from reconciler.resources.iam_role import NO_BOUNDARY, IamRole, Policy
from reconciler.rights.roles import TASKS_PRINCIPAL

EXECUTION_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"  # managed by AWS


@dataclass(frozen=True)
class Cluster:
    """The specs of the cluster, and the Refs that services need."""

    specs: tuple[Spec, ...]
    cluster: Ref
    arn: Ref  # of the cluster
    namespace: Ref
    execution_role: Ref  # to its ARN


def cluster(context: Context, network: Network) -> Cluster:
    """Return an ECS cluster on Fargate, or the one that exists, with private DNS."""
    domain = context.platform.discovery.namespace
    namespace = context.spec(CloudMapNamespace, domain, domain=domain, vpc=network.vpc)
    role = _execution_role(context)
    made, (ref, arn) = _cluster(context), _refs(context)
    roles = (role,) if _is_role_needed(context.platform) else ()
    return Cluster((*made, namespace, *roles), ref, arn, namespace.ref(), role.ref("arn"))


def _cluster(context: Context) -> Iterator[EcsCluster]:
    """Yield the cluster, unless it exists already."""
    settings = context.platform.cluster
    if settings.existing is None:
        yield context.spec(
            EcsCluster,
            context.names.cluster,
            container_insights=settings.container_insights,
            capacity_providers={
                name: Share(base=share.base, weight=share.weight)
                for name, share in settings.capacity_providers.items()
            },
        )


def _refs(context: Context) -> tuple[Ref, Ref]:
    """Return the Refs to the cluster by its name, and by its ARN."""
    name, facts = context.platform.cluster.existing_name, context.facts
    if name is None:
        return Ref("ecs_cluster", context.names.cluster), Ref("ecs_cluster", context.names.cluster, "arn")
    arn = f"arn:{facts.partition}:ecs:{facts.region}:{facts.account}:cluster/{name}"
    return Ref("ecs_cluster", name, by_id=True), Ref("ecs_cluster", arn, "arn", by_id=True)


def _is_role_needed(platform: Platform) -> bool:
    """Tell whether anything starts with the stack's own execution role."""
    own = any(service.roles.execution is None for service in platform.services.values())
    return own or not platform.services or platform.drift_correction is not None


def _execution_role(context: Context) -> IamRole:
    statements = {
        "secrets": frozenset(secret_statements(context)),
        "env-files": frozenset(env_file_statements(context)),
    }
    return context.spec(
        IamRole,
        context.names.execution_role,
        description="ECS task execution role",
        service_principal=TASKS_PRINCIPAL,
        managed_policies=frozenset({f"arn:{context.facts.partition}:iam::aws:policy/{EXECUTION_POLICY}"}),
        policies={name: Policy(statements=found) for name, found in statements.items() if found},
        of_the_job=context.platform.drift_correction is not None,
        **role_settings(context),
    )


def role_settings(context: Context) -> dict[str, Any]:
    """Return the fields that all roles have in common. None: the file leaves it open."""
    roles = context.platform.roles
    boundary = NO_BOUNDARY if roles.boundary == "none" else roles.boundary
    return {"boundary": boundary, "max_session": roles.max_session}
