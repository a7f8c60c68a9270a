import json
from typing import Any

import pytest
from balancing import balancer, group, listener, rule, zones
from scripted import ScriptedAws, read, refused
from support import OTHERS, OURS, Counted, act, calls, client, differences, live_of, look, make, see, settle

from reconciler.apply.events import EventKind
from reconciler.model.references import Json, Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.dashboard import (
    KIND,
    Dashboard,
    decode_dimensions,
    format_owner_mark,
)

pytestmark = pytest.mark.usefixtures("aws")
BALANCER, GROUP = "app/alb-dev/50dc6c495c0c9188", "targetgroup/tg-api-dev-1a2b3c/6d0ecf831eec9f09"
DASHBOARD = "ecs-services-dev"


def body(stack: str = OURS.name, title: str = "Requests", name: str = DASHBOARD) -> dict[str, Any]:
    metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", BALANCER]]
    properties = {"title": title, "region": "us-east-1", "metrics": metrics, "period": 60}
    return {
        "widgets": [
            {"type": "text", "properties": {"markdown": format_owner_mark(stack, name)}},
            {"type": "metric", "x": 0, "y": 1, "width": 12, "height": 6, "properties": properties},
        ]
    }


def dashboard(**fields: object) -> Dashboard:
    return make(Dashboard, DASHBOARD, **{"body": Json(decode_dimensions(body())), **fields})


def put(content: dict[str, Any], name: str = DASHBOARD) -> None:
    client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=json.dumps(content))


def test_what_cloudwatch_takes_and_is_not_content_with_is_told():
    told: list[Any] = []
    act(see([dashboard(body=Json({**body(), "theme": "dark"}))]), report=told.append)
    notes = [event.text for event in told if event.what is EventKind.NOTE]
    assert notes == ["/theme: Should NOT have additional properties"]


def test_names_of_load_balancers_and_target_groups_are_taken_for_refs():
    assert decode_dimensions({"metrics": [["Requests", BALANCER, {"x": 1}], ["Hosts", GROUP]]}) == {
        "metrics": [
            ["Requests", Ref("load_balancer", BALANCER, "dimension", by_id=True), {"x": 1}],
            ["Hosts", Ref("target_group", GROUP, "dimension", by_id=True)],
        ]
    }


@pytest.mark.parametrize(
    "text", ["app/alb-dev", "see app/alb-dev/50dc6c495c0c9188", "gwy/nlb/50dc6c495c0c9188"]
)
def test_other_texts_stay_as_they_are(text: str):
    assert decode_dimensions([text]) == [text]


def test_a_network_load_balancer_is_a_dimension_too():
    (found,) = decode_dimensions(["net/nlb-dev/50dc6c495c0c9188"])
    assert found == Ref("load_balancer", "net/nlb-dev/50dc6c495c0c9188", "dimension", by_id=True)


def test_a_new_one_is_put_whole_and_tagged():
    assert calls(KIND.ensure(dashboard(), None)) == [
        (
            "put_dashboard",
            {
                "DashboardName": DASHBOARD,
                "DashboardBody": dashboard().body,
                "Tags": [{"Key": NAME, "Value": DASHBOARD}, {"Key": STACK, "Value": OURS.name}],
            },
        )
    ]


def test_tags_are_not_sent_again_as_aws_ignores_them():
    live = Live(dashboard(body=Json({"widgets": []})), {"id": DASHBOARD})
    ((_, params),) = calls(KIND.ensure(dashboard(), live))
    assert "Tags" not in params


def test_a_body_that_is_as_desired_is_not_put_again():
    assert calls(KIND.ensure(dashboard(), Live(dashboard(), {"id": DASHBOARD}))) == []


def test_made_then_nothing_to_do_then_gone():
    assert settle([dashboard()]) == [f"create dashboard.{DASHBOARD}"]
    settle([], file=[dashboard()])
    assert look([dashboard()]) == []


def test_it_is_made_in_the_same_run_as_what_it_shows():
    shown = [Ref("load_balancer", "alb-dev", "dimension"), Ref("target_group", "tg-api-dev", "dimension")]
    mark, widget = body()["widgets"]
    properties = widget["properties"] | {"metrics": [["AWS/ApplicationELB", "x", "y", ref] for ref in shown]}
    mine = [*zones(), balancer(), group(), listener(), rule()]
    settle([*mine, dashboard(body=Json({"widgets": [mark, widget | {"properties": properties}]}))])
    text = client("cloudwatch").get_dashboard(DashboardName=DASHBOARD)["DashboardBody"]
    assert '"app/alb-dev/' in text
    assert '"targetgroup/tg-api-dev-' in text


def test_a_widget_changed_by_hand_is_put_right():
    settle([dashboard()])
    put(body(title="My requests"))
    assert differences(see([dashboard()])) == {f"dashboard.{DASHBOARD}": ["body"]}
    assert settle([dashboard()]) == [f"update dashboard.{DASHBOARD}"]


@pytest.mark.parametrize("content", [{"widgets": []}, body(OTHERS.name), body(name="a-copied-body")])
def test_one_whose_mark_a_person_removed_or_changed_is_known_by_its_tags(content: dict[str, Any]):
    settle([dashboard()])
    put(content)
    assert differences(see([dashboard()])) == {f"dashboard.{DASHBOARD}": ["body"]}
    assert settle([dashboard()]) == [f"update dashboard.{DASHBOARD}"]


def test_such_a_one_is_deleted_too():
    settle([dashboard()])
    put({"widgets": []})
    assert settle([], file=[dashboard()]) == [f"delete dashboard.{DASHBOARD}"]


def test_without_tags_the_mark_is_enough():
    put(body(title="My requests"))
    with Counted() as counter:
        assert differences(see([dashboard()])) == {f"dashboard.{DASHBOARD}": ["body"]}
    assert counter["ListTagsForResource"] == 0


@pytest.mark.parametrize("code", ["InvalidParameterValue", "ResourceNotFoundException"])
def test_where_dashboards_have_no_tags_one_without_the_mark_is_foreign(code: str):
    entry = {
        "DashboardName": DASHBOARD,
        "DashboardArn": f"arn:aws:cloudwatch::123456789012:dashboard/{DASHBOARD}",
    }
    answers = {
        "list_dashboards": {"DashboardEntries": [entry]},
        "get_dashboard": {"DashboardBody": '{"widgets": []}'},
        "list_tags_for_resource": refused(code),
    }
    (live,) = read(KIND, ScriptedAws(**answers), [dashboard()])
    assert live.owner is None


def test_a_foreign_one_can_be_made_ours_by_its_tags():
    put({"widgets": []})
    (conflict,) = see([dashboard()]).conflicts
    arn = f"arn:aws:cloudwatch::123456789012:dashboard/{DASHBOARD}"
    command = f"aws cloudwatch tag-resource --resource-arn {arn} --tags "
    assert command in conflict.remedy
    tags = [{"Key": STACK, "Value": OURS.name}]
    client("cloudwatch").tag_resource(ResourceARN=arn, Tags=tags)
    assert settle([dashboard()]) == [f"update dashboard.{DASHBOARD}"]


@pytest.mark.parametrize("content", [{"widgets": []}, body(OTHERS.name)])
def test_somebody_elses_of_the_same_name_is_in_the_way(content: dict[str, Any]):
    put(content)
    (conflict,) = see([dashboard()]).conflicts
    assert str(conflict.address) == f"dashboard.{DASHBOARD}"


def test_ours_of_another_name_is_surplus():
    put(body(name="old-dev"), name="old-dev")
    assert settle([dashboard()]) == [f"create dashboard.{DASHBOARD}", "delete dashboard.old-dev"]


def test_a_copy_that_somebody_made_of_ours_is_theirs():
    settle([dashboard()])
    put(body(), name="my-copy-dev")
    assert settle([dashboard()]) == []


def test_dashboards_of_other_names_are_not_opened():
    put({"widgets": []}, name="marketing")
    with Counted() as counter:
        assert live_of(KIND, [dashboard()]) == []
    assert counter["GetDashboard"] == 0


def test_another_stacks_whose_name_ends_alike_is_no_concern_of_ours():
    put(body(OTHERS.name, name="theirs-dev"), "theirs-dev")
    put({"widgets": []}, "somebodys-dev")
    assert [str(live.spec.address) for live in see([dashboard()]).foreign] == ["dashboard.somebodys-dev"]
