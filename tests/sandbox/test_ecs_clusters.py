from typing import Any

import pytest
from botocore.exceptions import ClientError
from stage import Stage

from reconciler.sandbox import Clock, Profile, install

EVERYTHING = ["SETTINGS", "CONFIGURATIONS", "TAGS", "ATTACHMENTS"]
INSIGHTS = [{"name": "containerInsights", "value": "enhanced"}]
STRATEGY = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]


@pytest.fixture
def ecs(client: Any) -> Any:
    return client("ecs")


def described(ecs: Any, include: list[str]) -> Any:
    return ecs.describe_clusters(clusters=["c"], include=include)["clusters"][0]


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


def test_a_second_create_answers_with_the_first_and_another_is_refused(ecs: Any) -> None:
    first = ecs.create_cluster(clusterName="c", settings=INSIGHTS)["cluster"]
    assert ecs.create_cluster(clusterName="c", settings=INSIGHTS)["cluster"] == first
    with pytest.raises(ClientError, match="Arguments on this idempotent request are inconsistent"):
        ecs.create_cluster(clusterName="c")
    ecs.delete_cluster(cluster="c")
    assert ecs.create_cluster(clusterName="c")["cluster"]["status"] == "ACTIVE"


def test_providers_are_sorted_and_strategies_keep_their_order(ecs: Any) -> None:
    both = ["FARGATE_SPOT", "FARGATE"]
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 2}, {"capacityProvider": "FARGATE", "base": 1}]
    wanted = {"capacityProviders": both, "defaultCapacityProviderStrategy": strategy}
    made = ecs.create_cluster(clusterName="c", **wanted)["cluster"]
    put = ecs.put_cluster_capacity_providers(cluster="c", **wanted)["cluster"]
    for told in (made, put):
        assert told["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
        items = told["defaultCapacityProviderStrategy"]
        assert [(i["capacityProvider"], i["base"], i["weight"]) for i in items] == [
            ("FARGATE_SPOT", 0, 2),
            ("FARGATE", 1, 0),
        ]


def test_fargates_providers_are_there_and_unknown_ones_are_missing(ecs: Any) -> None:
    told = ecs.describe_capacity_providers(capacityProviders=["FARGATE", "absent"])
    assert [(p["name"], p["status"]) for p in told["capacityProviders"]] == [("FARGATE", "ACTIVE")]
    assert [f["reason"] for f in told["failures"]] == ["MISSING"]
    pages = [ecs.describe_capacity_providers(maxResults=1)]
    pages.append(ecs.describe_capacity_providers(maxResults=1, nextToken=pages[0]["nextToken"]))
    assert [p["capacityProviders"][0]["name"] for p in pages] == ["FARGATE", "FARGATE_SPOT"]


def test_the_accounts_setting_is_the_default_of_new_clusters(ecs: Any) -> None:
    ecs.put_account_setting(name="containerInsights", value="enhanced")
    assert ecs.create_cluster(clusterName="c")["cluster"]["settings"][0]["value"] == "enhanced"
    ecs.delete_account_setting(name="containerInsights")
    assert ecs.list_account_settings()["settings"] == []
    told = ecs.list_account_settings(name="containerInsights", effectiveSettings=True)["settings"]
    assert [(s["value"], s["type"]) for s in told] == [("disabled", "user")]


def test_settings_configuration_and_tags_are_told_to_those_who_ask(ecs: Any) -> None:
    configuration = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
    ecs.create_cluster(clusterName="c", tags=[{"key": "k", "value": "v"}], configuration=configuration)
    full, plain = described(ecs, EVERYTHING), described(ecs, [])
    assert full["settings"] == [{"name": "containerInsights", "value": "disabled"}]
    assert (full["configuration"], full["tags"]) == (configuration, [{"key": "k", "value": "v"}])
    assert (plain["settings"], plain["tags"], "configuration" in plain) == ([], [], False)


def test_settings_are_updated_by_either_call(ecs: Any) -> None:
    ecs.create_cluster(clusterName="c")
    ecs.update_cluster_settings(cluster="c", settings=[{"name": "containerInsights", "value": "enabled"}])
    assert described(ecs, EVERYTHING)["settings"][0]["value"] == "enabled"
    ecs.update_cluster(cluster="c", settings=[{"name": "containerInsights", "value": "enhanced"}])
    assert described(ecs, EVERYTHING)["settings"][0]["value"] == "enhanced"


def test_capacity_providers_are_associated_in_time(ecs: Any, clock: Clock) -> None:
    install(Profile("slow", capacity_providers=10), clock=clock)
    ecs.create_cluster(clusterName="c")
    wanted = {"capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": STRATEGY}
    ecs.put_cluster_capacity_providers(cluster="c", **wanted)
    told = described(ecs, EVERYTHING)
    assert {key: told[key] for key in wanted} == wanted
    assert told["attachmentsStatus"] == "UPDATE_IN_PROGRESS"
    with pytest.raises(ClientError) as refused:
        ecs.put_cluster_capacity_providers(cluster="c", **wanted)
    assert code_of(refused) == "UpdateInProgressException"
    clock.advance(10)
    assert described(ecs, EVERYTHING)["attachmentsStatus"] == "UPDATE_COMPLETE"


def test_an_unknown_provider_is_refused(ecs: Any) -> None:
    ecs.create_cluster(clusterName="c")
    with pytest.raises(ClientError, match="capacity provider does not exist"):
        ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=["X"], defaultCapacityProviderStrategy=[]
        )


def test_a_provider_in_use_is_not_taken_away(client: Any) -> None:
    stage = Stage(client)
    stage.service(capacityProviderStrategy=STRATEGY)
    with pytest.raises(ClientError) as refused:
        stage.ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=[], defaultCapacityProviderStrategy=[]
        )
    assert code_of(refused) == "ResourceInUseException"


def test_a_cluster_is_deleted_after_its_services_have_drained(client: Any, clock: Clock) -> None:
    install(Profile("slow", drain=60), clock=clock)
    stage = Stage(client)
    stage.service()
    stage.ecs.delete_service(cluster="c", service="s", force=True)
    with pytest.raises(ClientError) as refused:
        stage.ecs.delete_cluster(cluster="c")
    assert code_of(refused) == "ClusterContainsServicesException"
    clock.advance(60)
    assert stage.ecs.delete_cluster(cluster="c")["cluster"]["status"] == "INACTIVE"
    assert stage.ecs.list_clusters()["clusterArns"] == []
    assert described(stage.ecs, [])["status"] == "INACTIVE"
    with pytest.raises(ClientError) as refused:
        stage.ecs.list_services(cluster="c")
    assert code_of(refused) == "ClusterNotFoundException"


def test_a_cluster_tells_how_much_runs_in_it(client: Any) -> None:
    stage = Stage(client)
    stage.service()
    told = described(stage.ecs, [])
    assert (told["activeServicesCount"], told["runningTasksCount"], told["pendingTasksCount"]) == (1, 2, 0)


TAGS = [{"key": str(n), "value": ""} for n in range(51)]


@pytest.mark.parametrize("sent", [{"clusterName": "bad name!"}, {"clusterName": "c" * 256}, {"tags": TAGS}])
def test_bad_names_and_too_many_tags_are_refused(ecs: Any, sent: Any) -> None:
    with pytest.raises(ClientError) as refused:
        ecs.create_cluster(**sent)
    assert code_of(refused) == "InvalidParameterException"
    ecs.create_cluster(clusterName="c" * 255, tags=TAGS[:50])


@pytest.mark.parametrize("sent", [{"serviceName": "bad name!"}, {"serviceName": "s", "tags": TAGS}])
def test_the_same_of_services(ecs: Any, sent: Any) -> None:
    ecs.create_cluster(clusterName="c")
    with pytest.raises(ClientError, match=r"up to 255 letters|length less than or equal to 50"):
        ecs.create_service(cluster="c", taskDefinition="t", **sent)


def test_a_strategy_has_twenty_items_at_most(ecs: Any) -> None:
    ecs.create_cluster(clusterName="c")
    sent = {"cluster": "c", "capacityProviders": ["FARGATE"]}
    with pytest.raises(ClientError, match="maximum of 20 capacity providers"):
        ecs.put_cluster_capacity_providers(
            **sent, defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE"}] * 21
        )


def test_statistics_are_counted_by_launch_type(client: Any) -> None:
    stage = Stage(client)
    stage.service(desiredCount=2)
    (cluster,) = client("ecs").describe_clusters(clusters=["c"], include=["STATISTICS"])["clusters"]
    counts = {item["name"]: item["value"] for item in cluster["statistics"]}
    assert counts["runningFargateTasksCount"] == "2"
    assert counts["activeFargateServiceCount"] == "1"
    assert counts["runningEC2TasksCount"] == counts["drainingFargateServiceCount"] == "0"
