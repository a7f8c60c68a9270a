"""What exists by a name of its own: clusters, roles, managed policies and log groups."""

import json
from collections.abc import Collection

from moto.ecs import ecs_backends
from moto.iam import iam_backends
from moto.logs import logs_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.ecs.clusters import make_cluster

PROVIDERS = ["FARGATE", "FARGATE_SPOT"]  # of a cluster; no file says which it has
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
EVERYTHING = json.dumps(  # no file says what the roles and policies that it names allow
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


def make_clusters(names: Collection[str], account: str, region: str) -> None:
    """Make clusters on Fargate, unless they are there."""
    ecs = ecs_backends[account][region]
    for name in names:
        if name not in ecs.clusters:
            make_cluster(ecs, name, {"capacityProviders": PROVIDERS})


def make_roles(arns: Collection[str], account: str, region: str) -> None:
    """Make roles that ECS's tasks may have, with all rights, unless they are there or of another account."""
    iam = iam_backends[account][get_partition(region)]
    for path, name in _parse(arns, account, ":role"):
        if name not in {role.name for role in iam.roles.values()}:
            iam.create_role(name, TRUST, path, None, "Named by a platform file", [], None)
            iam.put_role_policy(name, "everything", EVERYTHING)


def make_policies(arns: Collection[str], account: str, region: str) -> None:
    """Make managed policies with all rights, unless they are there or of another account."""
    iam = iam_backends[account][get_partition(region)]
    there = {*iam.managed_policies}
    for path, name in _parse({*arns} - there, account, ":policy"):
        iam.create_policy("Named by a platform file", path, EVERYTHING, name, [])


def make_log_groups(names: Collection[str], account: str, region: str) -> None:
    """Make log groups, unless they are there."""
    logs = logs_backends[account][region]
    for name in names:
        if name not in logs.groups:
            logs.create_log_group(name, {})


def _parse(arns: Collection[str], account: str, kind: str) -> Collection[tuple[str, str]]:
    """Return the path and the name of each of the account's ARNs, in their order by name."""
    own = sorted(arn.partition(kind)[2] for arn in arns if f"::{account}{kind}/" in arn)
    return [(f"{path}/", name) for path, _, name in (written.rpartition("/") for written in own)]
