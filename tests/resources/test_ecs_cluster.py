from collections.abc import Callable
from typing import Any

import pytest
from services import BOTH, CLUSTER, cluster, platform, service
from support import OTHERS, OURS, Counted, calls, client, connection, differences, live_of, make, see, settle

from reconciler.apply import apply
from reconciler.apply.worker import RECOVERY_READS
from reconciler.aws.clock import Clock as EngineClock
from reconciler.aws.reads import open_reads
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.ecs_cluster import KIND, EcsCluster, Share, from_aws
from reconciler.sandbox import Clock, Profile, install

LEAVES_A_CLUSTER = 0  # a seed with which the first create that is refused leaves a cluster
SPOT_ONLY = {"FARGATE_SPOT": Share(weight=1)}
ON_DEMAND = {"FARGATE": Share(base=1, weight=1)}
TOLD = {
    "clusterName": CLUSTER,
    "clusterArn": f"arn:aws:ecs:us-east-1:1:cluster/{CLUSTER}",
    "settings": [{"name": "containerInsights", "value": "enabled"}],
    "capacityProviders": ["FARGATE_SPOT", "FARGATE"],
    "defaultCapacityProviderStrategy": [
        {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 4, "base": 0},
    ],
}


def by_hand(operation: str, **params: object) -> None:
    getattr(client("ecs"), operation)(cluster=CLUSTER, **params)


def live(**fields: object) -> Live[EcsCluster]:
    return Live(cluster(**fields), {"id": CLUSTER, "arn": "arn:c"})


def test_a_cluster_is_told_by_its_settings_and_shares():
    assert from_aws(TOLD, cluster().tags) == cluster()


def test_a_provider_outside_the_default_strategy_has_no_share():
    told = {**TOLD, "defaultCapacityProviderStrategy": []}
    assert from_aws(told, {}).capacity_providers == {"FARGATE": Share(), "FARGATE_SPOT": Share()}


def test_its_name_is_aws_s_whatever_its_tags_say():
    assert from_aws(TOLD, {NAME: "another"}).name == CLUSTER


def test_all_is_set_in_the_create_call():
    [(operation, params)] = calls(KIND.ensure(cluster(), None))
    assert operation == "create_cluster"
    assert params["settings"] == TOLD["settings"]
    assert params["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert {tag["key"] for tag in params["tags"]} == {STACK, NAME}


@pytest.mark.parametrize(
    ("old", "new", "puts"),
    [
        (BOTH, SPOT_ONLY, [(["FARGATE_SPOT"], True)]),
        (SPOT_ONLY, BOTH, [(["FARGATE", "FARGATE_SPOT"], False)]),
        (SPOT_ONLY, ON_DEMAND, [(["FARGATE", "FARGATE_SPOT"], False), (["FARGATE"], True)]),
        (ON_DEMAND, {"FARGATE": Share(weight=2)}, [(["FARGATE"], False)]),
    ],
)
def test_services_wait_for_a_provider_that_comes_and_not_for_one_that_goes(old, new, puts):
    steps = KIND.ensure(cluster(capacity_providers=new), live(capacity_providers=old))
    put = [s for s in steps if getattr(s, "operation", "") == "put_cluster_capacity_providers"]
    assert [(s.params["capacityProviders"], s.settling) for s in put] == puts


@pytest.mark.usefixtures("aws")
class TestOnAws:
    def test_it_is_made_and_nothing_is_left_to_do_and_it_is_removed(self):
        assert settle([cluster()]) == [f"create ecs_cluster.{CLUSTER}"]
        assert settle([], [cluster()]) == [f"delete ecs_cluster.{CLUSTER}"]
        assert live_of(KIND, [cluster()]) == []

    @pytest.mark.parametrize(
        ("field", "drift"),
        [
            (
                "container_insights",
                lambda: by_hand(
                    "update_cluster", settings=[{"name": "containerInsights", "value": "disabled"}]
                ),
            ),
            (
                "capacity_providers",
                lambda: by_hand(
                    "put_cluster_capacity_providers",
                    capacityProviders=["FARGATE"],
                    defaultCapacityProviderStrategy=[],
                ),
            ),
            (
                "tags",
                lambda: client("ecs").tag_resource(
                    resourceArn=live_of(KIND, [cluster()])[0].outputs["arn"],
                    tags=[{"key": NAME, "value": "another"}],
                ),
            ),
        ],
    )
    def test_drift_is_found_and_put_right(self, field: str, drift: Callable[[], None]):
        settle([cluster()])
        drift()
        assert differences(see([cluster()])) == {f"ecs_cluster.{CLUSTER}": [field]}
        settle([cluster()])

    def test_undeclared_insights_are_as_the_account_has_them(self):
        settle([cluster()])
        assert not see([cluster(container_insights=None)]).changes

    def test_a_strangers_cluster_is_left_alone(self):
        client("ecs").create_cluster(clusterName=CLUSTER)
        [conflict] = see([cluster()]).conflicts
        assert "does not carry this stack's tags" in conflict.why

    def test_another_stacks_cluster_is_left_alone(self):
        theirs = make(EcsCluster, CLUSTER, OTHERS, capacity_providers=BOTH)
        settle([theirs], stack=OTHERS)
        [conflict] = see([cluster()]).conflicts
        assert OTHERS.name in conflict.why

    def test_a_deleted_cluster_is_absent_and_can_be_made_again(self):
        settle([cluster()])
        client("ecs").delete_cluster(cluster=CLUSTER)
        assert settle([cluster()]) == [f"create ecs_cluster.{CLUSTER}"]

    def test_a_provider_in_use_leaves_the_services_before_the_cluster(self):
        settle(platform())
        less = [cluster(capacity_providers=ON_DEMAND), service(capacity_providers=ON_DEMAND)]
        done = settle(platform(*less))
        assert done == [f"update ecs_cluster.{CLUSTER}", "update ecs_service.svc-web-dev"]
        assert live_of(KIND, less)[0].spec.capacity_providers == ON_DEMAND


def test_the_waits_name_the_cluster_as_it_is():
    waits = [s for s in KIND.ensure(cluster(), None) if not hasattr(s, "operation")]
    assert [w.params for w in waits] == [{"clusters": [Ref("ecs_cluster", CLUSTER)]}]
    assert [s.params for s in KIND.remove(live())][-1] == {"clusters": [CLUSTER]}


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("seed", range(4))
def test_the_first_cluster_of_an_account_is_made_once_with_its_providers(seed: int):
    clock = Clock(speed=0)
    install(Profile("fresh", service_linked_role=20), clock=clock, seed=seed)
    time = EngineClock(clock.now, clock.advance)
    with open_reads(connection(), OURS, [cluster()]) as reads, Counted() as made:
        outcome = apply(reads, {"ecs_cluster": KIND}, see([cluster()]), clock=time, workers=1)
    assert not outcome.failed
    assert see([cluster()]).changes == ()
    left = made["PutClusterCapacityProviders"] > 0  # a refused create had left a cluster
    assert left is (made["CreateCluster"] == 1)


@pytest.mark.usefixtures("aws")
def test_what_a_refused_create_leaves_gets_its_providers_however_late_it_is_seen():
    clock, unseen = Clock(speed=0), [RECOVERY_READS + 2]
    install(Profile("fresh", service_linked_role=20), clock=clock, seed=LEAVES_A_CLUSTER)

    def miss(parsed: dict[str, Any], **_: object) -> None:
        if client("ecs").describe_clusters(clusters=[CLUSTER])["clusters"] and unseen[0]:
            unseen[0] -= 1
            parsed["clusterArns"] = []

    events = connection().client("ecs", retries=False).meta.events
    events.register("after-call.ecs.ListClusters", miss, unique_id="miss")
    try:
        with open_reads(connection(), OURS, [cluster()]) as reads:
            time = EngineClock(clock.now, clock.advance)
            assert not apply(reads, {"ecs_cluster": KIND}, see([cluster()]), clock=time, workers=1).failed
    finally:
        events.unregister("after-call.ecs.ListClusters", unique_id="miss")
    assert unseen == [0]
    assert see([cluster()]).changes == ()
