"""Beside hundreds of other people's resources a plan asks for more pages of its lists, and for nothing else."""

import json
from collections import Counter

from support import Counted, client
from whole import ENVIRONMENT, applied, default, planned

CROWD, CLUSTERS = 1000, 200
NAMES = (  # of strangers; the last two end in the stack's suffix, or look so
    "other-{}",
    f"{ENVIRONMENT}eloper-{{}}",
    f"other-{{}}-{ENVIRONMENT}",
    f"x{ENVIRONMENT}-{{}}",
)
PAGES = {  # more of what has to be listed whole; roles and repositories come by the thousand
    "ListClusters": 2,
    "ListTaskDefinitionFamilies": 10,
    "DescribeLogGroups": 20,
    "ListRoles": 1,
    "GetAccountAuthorizationDetails": 1,
    "DescribeRepositories": 1,
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}],
}


def crowd(name: str, *, clustered: bool) -> None:
    """Create a foreign resource of each kind that an account has hundreds of."""
    client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    client("logs").create_log_group(logGroupName=f"/aws/ecs/{name}")
    client("ecr").create_repository(repositoryName=name)
    container = {"name": "app", "image": "nginx", "memory": 128}
    client("ecs").register_task_definition(family=name, containerDefinitions=[container])
    if clustered:
        client("ecs").create_cluster(clusterName=name)


def counted() -> Counter[str]:
    with Counted() as calls:
        assert not planned(default()).changes
    return +calls


def test_an_empty_plan_beside_a_crowd_grows_by_list_pages_only(aws):
    applied(default())
    alone = counted()
    for number in range(CROWD):
        crowd(NAMES[number % len(NAMES)].format(number), clustered=number < CLUSTERS)
    assert counted() - alone <= Counter(PAGES)
