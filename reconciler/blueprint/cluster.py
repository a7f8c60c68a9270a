"""The ECS cluster, its private DNS namespace, and the role that starts its tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.blueprint.context import Context
from reconciler.blueprint.network import Network
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.ecs_cluster import EcsCluster, Share
from reconciler.resources.iam_role import IamRole, Policy, Statement

EXECUTION_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"  # managed by AWS
TASKS_PRINCIPAL = "ecs-tasks.amazonaws.com"
SECRET_ARN_PARTS = 7  # arn:partition:secretsmanager:region:account:secret:name, then :key:stage:version


@dataclass(frozen=True)
class Cluster:
    """The specs of the cluster, and the Refs that services need."""

    specs: tuple[Spec, ...]
    cluster: Ref
    namespace: Ref
    execution_role: Ref  # to its ARN


def cluster(context: Context, network: Network) -> Cluster:
    """Return an ECS cluster on Fargate, with private DNS."""
    names, settings = context.names, context.platform.cluster
    ecs = context.spec(
        EcsCluster,
        names.cluster,
        container_insights=settings.container_insights,
        capacity_providers={
            name: Share(base=share.base, weight=share.weight)
            for name, share in settings.capacity_providers.items()
        },
    )
    domain = context.platform.discovery.namespace
    namespace = context.spec(CloudMapNamespace, domain, domain=domain, vpc=network.vpc)
    role = _execution_role(context)
    return Cluster((ecs, namespace, role), ecs.ref(), namespace.ref(), role.ref("arn"))


def _execution_role(context: Context) -> IamRole:
    statements = frozenset(_secret_statements(context))
    return context.spec(
        IamRole,
        context.names.execution_role,
        description="ECS task execution role",
        service_principal=TASKS_PRINCIPAL,
        managed_policies=frozenset({f"arn:{context.facts.partition}:iam::aws:policy/{EXECUTION_POLICY}"}),
        policies={"secrets": Policy(statements=statements)} if statements else {},
    )


def _secret_statements(context: Context) -> Iterator[Statement]:
    """Yield the statements that allow reading the secrets that services name and the platform declares.

    A platform that declares nothing may read every secret of its account and region.
    """
    platform, facts = context.platform, context.facts
    everything = (f"arn:{facts.partition}:secretsmanager:{facts.region}:{facts.account}:secret:*",)
    declared = everything if platform.readable_secrets is None else platform.readable_secrets
    named = [arn for service in platform.services.values() for arn in service.secrets.values()]
    arns = {_without_key(arn) for arn in (*declared, *named)}
    secrets = frozenset(arn for arn in arns if ":secretsmanager:" in arn)
    if set(everything) <= secrets:  # naming some of them too would grant no more
        secrets = frozenset(
            s for s in secrets if s in everything or f":{facts.region}:{facts.account}:" not in s
        )
    if secrets:
        actions = frozenset({"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"})
        yield Statement(effect="Allow", actions=actions, resources=secrets)
    if parameters := frozenset(arn for arn in arns if ":ssm:" in arn):
        yield Statement(effect="Allow", actions=frozenset({"ssm:GetParameters"}), resources=parameters)
    if keys := frozenset(arn for arn in arns if ":kms:" in arn):  # not AWS's own keys: those need no permission
        yield Statement(effect="Allow", actions=frozenset({"kms:Decrypt"}), resources=keys)


def _without_key(arn: str) -> str:
    """Return the ARN of the secret itself, given one with a key, stage or version of it."""
    return ":".join(arn.split(":")[:SECRET_ARN_PARTS]) if ":secretsmanager:" in arn else arn
