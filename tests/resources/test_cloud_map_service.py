from typing import Any

import pytest
from network import vpc
from support import OTHERS, calls, client, differences, live_of, look, make, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call
from reconciler.model.tags import NAME, STACK
from reconciler.plan.matching import find_immutable
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.cloud_map_service import KIND, CloudMapService, from_aws

pytestmark = pytest.mark.usefixtures("aws")
DOMAIN = "services-dev.local"
INNER = make(CloudMapNamespace, DOMAIN, domain=DOMAIN, vpc=Ref("vpc", "vpc-dev"))
PLACE = [vpc(), INNER]
SUMMARY = {
    "Name": "api",
    "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}], "RoutingPolicy": "WEIGHTED"},
    "HealthCheckCustomConfig": {},
}


def api(**fields: object) -> CloudMapService:
    return make(CloudMapService, "api", **{"namespace": INNER.ref(), "ttl": 30, **fields})


def only() -> Any:
    (live,) = live_of(KIND, [*PLACE, api()])
    return live


def test_a_custom_health_check_that_aws_does_not_tell_makes_no_other_service():
    untold = from_aws({k: v for k, v in SUMMARY.items() if k != "HealthCheckCustomConfig"}, {}, "ns-1")
    found = [find_immutable(api(namespace="ns-1", routing=way), untold) for way in ("WEIGHTED", "MULTIVALUE")]
    assert found == [[], ["routing"]]


def made_by_hand(**params: object) -> None:
    """Create a foreign service with our name in our namespace."""
    namespace = client("servicediscovery").list_namespaces()["Namespaces"][0]["Id"]
    records = {"DnsRecords": [{"Type": "A", "TTL": 30}]}
    given = {"Name": "api", "DnsConfig": records, "HealthCheckCustomConfig": {"FailureThreshold": 1}}
    sent = {k: v for k, v in {**given, **params}.items() if v is not None}
    client("servicediscovery").create_service(NamespaceId=namespace, **sent)


@pytest.mark.parametrize(
    ("told", "field", "value"),
    [
        ({}, "ttl", 60),
        ({}, "record_type", "A"),
        ({}, "routing", "WEIGHTED"),
        ({}, "custom_health_check", True),
        ({"HealthCheckCustomConfig": {}}, "custom_health_check", True),
        ({"HealthCheckCustomConfig": None}, "custom_health_check", None),
        (
            {"DnsConfig": {"DnsRecords": [{"Type": "SRV", "TTL": 1}, {"Type": "A", "TTL": 1}]}},
            "record_type",
            "A, SRV",
        ),
        ({"DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}]}}, "routing", "MULTIVALUE"),
        ({"DnsConfig": None}, "record_type", ""),
        ({"Description": "the api"}, "description", "the api"),
    ],
)
def test_an_answer_becomes_a_spec(told: dict[str, Any], field: str, value: object):
    assert getattr(from_aws(SUMMARY | told, {}, "ns-1"), field) == value


def test_a_new_one_has_all_its_fields_in_the_call_that_makes_it():
    ((operation, params),) = calls(KIND.ensure(api(description="the api"), None))
    request = params.pop("CreatorRequestId")
    assert (operation, request.refs) == ("create_service", (INNER.ref(),))
    assert params == {
        "Name": "api",
        "NamespaceId": INNER.ref(),
        "Tags": [{"Key": k, "Value": v} for k, v in sorted(api().tags.items())],
        "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 30}], "RoutingPolicy": "MULTIVALUE"},
        "Description": "the api",
        "HealthCheckCustomConfig": {"FailureThreshold": 1},
    }


def test_an_update_sends_all_of_it_as_what_is_left_out_is_deleted():
    live = Live(api(description="theirs", ttl=60), {"id": "srv-1"})
    change = {"DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 30}]}, "Description": "theirs"}
    assert calls(KIND.ensure(api(), live)) == [("update_service", {"Id": api().ref(), "Service": change})]


def test_a_service_with_instances_is_tried_again_for_as_long_as_tasks_may_drain():
    (delete,) = KIND.remove(Live(api(), {"id": "srv-1"}))
    assert isinstance(delete, Call)
    assert (delete.retry, delete.ignore, delete.patience) == (("ResourceInUse",), ("ServiceNotFound",), 1200)


def test_made_then_nothing_to_do_then_gone():
    settle([*PLACE, api()])
    settle([], file=[*PLACE, api()])
    assert look([*PLACE, api()]) == []


def _live_longer() -> None:
    records = {"DnsRecords": [{"Type": "A", "TTL": 300}]}
    client("servicediscovery").update_service(
        Id=only().outputs["id"], Service={"DnsConfig": records, "Description": "the api"}
    )


def _be_described() -> None:
    records = {"DnsRecords": [{"Type": "A", "TTL": 30}]}
    client("servicediscovery").update_service(
        Id=only().outputs["id"], Service={"DnsConfig": records, "Description": "changed"}
    )


def _without_a_tag() -> None:
    client("servicediscovery").untag_resource(ResourceARN=only().outputs["arn"], TagKeys=[NAME])


@pytest.mark.parametrize(
    ("by_hand", "field"), [(_live_longer, "ttl"), (_be_described, "description"), (_without_a_tag, "tags")]
)
def test_what_was_changed_by_hand_is_put_right(by_hand: Any, field: str):
    mine = [*PLACE, api(description="the api")]
    settle(mine)
    by_hand()
    assert differences(see(mine)) == {"cloud_map_service.api": [field]}
    assert settle(mine) == ["update cloud_map_service.api"]


@pytest.mark.parametrize(
    ("otherwise", "field"),
    [
        ({"DnsConfig": {"DnsRecords": [{"Type": "AAAA", "TTL": 30}]}}, "record_type"),
        (
            {"DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 30}], "RoutingPolicy": "WEIGHTED"}},
            "routing",
        ),
    ],
)
def test_what_cannot_change_means_another_one_when_the_first_is_gone(otherwise: dict[str, Any], field: str):
    settle(PLACE)
    tags = [{"Key": k, "Value": v} for k, v in api().tags.items()]
    made_by_hand(**otherwise, Tags=tags)
    todo = see([*PLACE, api()])
    made = next(c for c in todo.changes if c.replaces)
    assert ([f.field for f in made.fields], made.replaces in made.after) == ([field], True)
    settle([*PLACE, api()])


@pytest.mark.parametrize("owned", [{}, {STACK: OTHERS.name}])
def test_somebody_elses_of_the_same_name_in_our_namespace_is_in_the_way(owned: dict[str, str]):
    settle(PLACE)
    made_by_hand(Tags=[{"Key": k, "Value": v} for k, v in owned.items()])
    (conflict,) = see([*PLACE, api()]).conflicts
    assert str(conflict.address) == "cloud_map_service.api"


def test_somebody_elses_of_another_name_is_reported_and_left():
    settle(PLACE)
    made_by_hand(Name="theirs")
    todo = see([*PLACE, api()])
    assert [str(c.address) for c in todo.changes] == ["cloud_map_service.api"]
    assert [live.spec.name for live in todo.foreign] == ["theirs"]


def registered(own_id: str, **attributes: str) -> None:
    """Register an instance, as ECS or a person does it."""
    client("servicediscovery").register_instance(
        ServiceId=only().outputs["id"],
        InstanceId=own_id,
        Attributes={"AWS_INSTANCE_IPV4": "10.0.0.9", **attributes},
    )


def test_what_ecs_left_registered_goes_with_it():
    settle([*PLACE, api()])
    registered("task-1", ECS_CLUSTER_NAME="ecs-cluster-dev", ECS_SERVICE_NAME="svc-api-dev")
    settle([], file=[*PLACE, api()])
    assert look([*PLACE, api()]) == []


@pytest.mark.parametrize("cluster", [{}, {"ECS_CLUSTER_NAME": "marketing"}])
def test_what_others_registered_stays(cluster: dict[str, str]):
    settle([*PLACE, api()])
    registered("task-1", ECS_SERVICE_NAME="svc-api", **cluster)
    assert only().spec.stale_instances == ()


def test_one_that_nobody_wants_any_more_goes():
    settle([*PLACE, api(), make(CloudMapService, "old", namespace=INNER.ref())])
    assert settle([*PLACE, api()]) == ["delete cloud_map_service.old"]
