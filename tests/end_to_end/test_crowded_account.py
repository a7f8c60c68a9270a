"""Beside hundreds of other people's resources a plan asks for more pages of its lists, and for nothing else."""

import json
from collections import Counter

import pytest
from support import Counted, client
from whole import ENVIRONMENT, applied, default, planned

CROWD = 300
PAGES = {  # more of what has to be listed whole; roles and repositories come by the thousand
    "ListClusters": 3,
    "ListTaskDefinitionFamilies": 3,
    "DescribeLogGroups": 6,
    "GetResources": 2,  # ours by their tag, asked once: something is there that has none of our names
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}],
}


def crowd(name: str) -> None:
    """Create a foreign resource of each kind that an account has hundreds of."""
    client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    client("logs").create_log_group(logGroupName=f"/aws/ecs/{name}")
    client("ecr").create_repository(repositoryName=name)
    client("ecs").create_cluster(clusterName=name)
    container = {"name": "app", "image": "nginx", "memory": 128}
    client("ecs").register_task_definition(family=name, containerDefinitions=[container])


def counted() -> Counter[str]:
    with Counted() as calls:
        assert not planned(default()).changes
    return +calls


@pytest.mark.parametrize("name", ["other-{}", f"{ENVIRONMENT}eloper-{{}}", f"x{ENVIRONMENT}-{{}}"])
def test_an_empty_plan_beside_a_crowd_grows_by_list_pages_only(aws, name):
    applied(default())
    alone = counted()
    for number in range(CROWD):
        crowd(name.format(number))
    assert counted() - alone <= Counter(PAGES)
