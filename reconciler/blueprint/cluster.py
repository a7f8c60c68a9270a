"""The cluster, its namespace, and the role that starts its tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.blueprint.context import Context
from reconciler.blueprint.network import Network
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.ecs_cluster import EcsCluster, Share
from reconciler.resources.iam_role import IamRole, Policy, Statement

EXECUTION_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"
TASKS = "ecs-tasks.amazonaws.com"
PARTS_OF_A_SECRET = 7  # arn:partition:secretsmanager:region:account:secret:name, then :key:stage:version


@dataclass(frozen=True)
class Cluster:
    """What the services need to know of it."""

    specs: tuple[Spec, ...]
    cluster: Ref
    namespace: Ref
    execution_role: Ref


def cluster(context: Context, network: Network) -> Cluster:
    """An ECS cluster on Fargate with private DNS."""
    names, wanted = context.names, context.platform.cluster
    ecs = context.spec(
        EcsCluster,
        names.cluster,
        container_insights=wanted.container_insights,
        capacity_providers={
            name: Share(base=share.base, weight=share.weight)
            for name, share in wanted.capacity_providers.items()
        },
    )
    domain = context.platform.discovery.namespace
    namespace = context.spec(CloudMapNamespace, domain, domain=domain, vpc=network.vpc)
    role = _execution_role(context)
    return Cluster((ecs, namespace, role), ecs.ref(), namespace.ref(), role.ref("arn"))


def _execution_role(context: Context) -> IamRole:
    statements = frozenset(_secrets(context))
    return context.spec(
        IamRole,
        context.names.execution_role,
        description="ECS task execution role",
        service_principal=TASKS,
        managed_policies=frozenset({f"arn:{context.facts.partition}:iam::aws:policy/{EXECUTION_POLICY}"}),
        policies={"secrets": Policy(statements=statements)} if statements else {},
    )


def _secrets(context: Context) -> Iterator[Statement]:
    """May read what the services name and what the platform declares; by default every secret of the account here."""
    platform, facts = context.platform, context.facts
    everything = (f"arn:{facts.partition}:secretsmanager:{facts.region}:{facts.account}:secret:*",)
    declared = everything if platform.readable_secrets is None else platform.readable_secrets
    named = [arn for service in platform.services.values() for arn in service.secrets.values()]
    arns = {_whole(arn) for arn in (*declared, *named)}
    secrets = frozenset(arn for arn in arns if ":secretsmanager:" in arn)
    if set(everything) <= secrets:  # then it says no more to name some of them too
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


def _whole(arn: str) -> str:
    """The secret's own ARN, of one that names a key, stage or version of it."""
    return ":".join(arn.split(":")[:PARTS_OF_A_SECRET]) if ":secretsmanager:" in arn else arn
