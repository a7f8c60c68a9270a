"""The first cluster of an account: ECS's role is not in force at once."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.ecs import ecs_backends
from moto.iam import iam_backends

from reconciler.sandbox import Clock, Profile, install

FRESH = Profile("fresh", service_linked_role=20)
ON_DEMAND = {
    "capacityProviders": ["FARGATE"],
    "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}],
}
REFUSED = "Unable to assume the service linked role. Please verify that the ECS service linked role exists."


@pytest.fixture
def ecs(client: Any) -> Any:
    return client("ecs")


def refused(call: Any, **params: Any) -> bool:
    try:
        call(**params)
    except ClientError as error:
        assert error.response["Error"] == {"Code": "InvalidParameterException", "Message": REFUSED}  # noqa: PT017
        return True
    return False


def providers(ecs: Any) -> list[list[str]]:
    """Return the providers of the ACTIVE cluster, if it is there."""
    found = ecs.describe_clusters(clusters=["c"])["clusters"]
    return [c["capacityProviders"] for c in found if c["status"] == "ACTIVE"]


def test_a_create_with_providers_is_refused_and_may_leave_a_cluster_without_them(ecs: Any, clock: Clock):
    left = []
    for seed in range(8):
        install(FRESH, clock=clock, seed=seed)
        assert refused(ecs.create_cluster, clusterName="c", **ON_DEMAND)
        left.append(providers(ecs))
        clock.advance(20)
        begin_anew()
    assert [] in left
    assert [[]] in left


def begin_anew() -> None:
    """Forget all clusters and that the account had one."""
    for backends in (ecs_backends, iam_backends):
        backends.reset()


def test_providers_are_refused_in_every_call_until_the_role_is_in_force(ecs: Any, clock: Clock):
    install(FRESH, clock=clock)
    assert not refused(ecs.create_cluster, clusterName="c")
    ecs.register_task_definition(family="f", containerDefinitions=[{"name": "w", "image": "i", "memory": 128}])
    strategy = [{"capacityProvider": "FARGATE"}]
    service = {"cluster": "c", "serviceName": "s", "taskDefinition": "f", "capacityProviderStrategy": strategy}
    assert refused(ecs.put_cluster_capacity_providers, cluster="c", **ON_DEMAND)
    assert refused(ecs.create_service, **service)
    clock.advance(20)
    assert not refused(ecs.put_cluster_capacity_providers, cluster="c", **ON_DEMAND)


@pytest.mark.parametrize("made", ["an earlier cluster", "the role"])
def test_an_account_that_has_the_role_refuses_none(client: Any, clock: Clock, made: str):
    ecs = client("ecs")
    if made == "the role":
        client("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    else:
        ecs.create_cluster(clusterName="earlier")
    install(FRESH, clock=clock)
    assert not refused(ecs.create_cluster, clusterName="c", **ON_DEMAND)
