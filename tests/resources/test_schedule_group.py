from dataclasses import replace
from typing import Any

import pytest
from support import act, client, differences, look, make, see, settle

from reconciler.model.references import Ref
from reconciler.model.steps import Call
from reconciler.model.tags import encode
from reconciler.resources import schedule
from reconciler.resources.schedule import Schedule
from reconciler.resources.schedule_group import KIND, ScheduleGroup
from reconciler.sandbox import CALM, Clock, install

NAME = "job-dev"


def group() -> ScheduleGroup:
    return make(ScheduleGroup, NAME)


def own_schedule() -> Schedule:
    return make(
        Schedule,
        NAME,
        group=group().ref(),
        expression="rate(1 minute)",
        cluster="arn:aws:ecs:us-east-1:123456789012:cluster/c",
        role=Ref("iam_role", "starter", "arn"),
        task_definition="arn:aws:ecs:us-east-1:123456789012:task-definition/f:1",
        retries=2,
        retried_for=300,
    )


@pytest.mark.usefixtures("aws")
def test_it_is_made_and_nothing_is_left_to_do_and_it_is_deleted():
    assert settle([group()]) == [f"create schedule_group.{NAME}"]
    assert settle([], [group()]) == [f"delete schedule_group.{NAME}"]
    assert look([group()]) == []


@pytest.mark.usefixtures("aws")
def test_a_tag_that_was_changed_by_hand_is_put_right():
    settle([group()])
    (live,) = look([group()])
    tag = {"Key": "ecs-reconciler:name", "Value": "else"}
    client("scheduler").tag_resource(ResourceArn=live.outputs["arn"], Tags=[tag])
    assert differences(see([group()])) == {f"schedule_group.{NAME}": ["tags"]}
    settle([group()])


@pytest.mark.usefixtures("aws")
def test_a_strangers_group_of_the_name_stops_the_plan():
    client("scheduler").create_schedule_group(Name=NAME)
    (conflict,) = see([group()]).conflicts
    assert "tag-resource" in conflict.remedy


@pytest.mark.usefixtures("aws")
def test_the_name_of_a_group_that_is_being_deleted_is_waited_for():
    """The clock runs fast: a group takes a second of it to go."""
    install(replace(CALM, schedule_group=1), clock=Clock(speed=50))
    settle([group()])
    client("scheduler").delete_schedule_group(Name=NAME)
    assert look([group()]) == []
    assert settle([group()]) == [f"create schedule_group.{NAME}"]


@pytest.mark.usefixtures("aws")
def test_a_group_that_a_lost_call_of_the_run_has_made_is_taken_for_its_own():
    todo = see([group()])
    client("scheduler").create_schedule_group(Name=NAME, Tags=encode(group().tags))
    assert not act(todo).failed
    assert see([group()]).changes == ()


def steps(wanted: Schedule) -> list[Any]:
    return [step for step in schedule.KIND.ensure(wanted, None) if isinstance(step, Call)]


def test_a_new_role_and_a_new_group_are_waited_for_and_old_ones_are_not():
    (call,) = steps(own_schedule())
    codes = {(match.code, match.new[0].kind) for match in call.retry}  # type: ignore[union-attr]
    assert codes == {
        ("ValidationException", "iam_role"),
        ("AccessDeniedException", "iam_role"),
        ("ResourceNotFoundException", "schedule_group"),
    }


def test_a_schedule_is_always_spoken_of_with_its_group():
    (made,) = steps(own_schedule())
    assert made.params["GroupName"] == group().ref()
    live = schedule.Live(own_schedule(), {"id": "a-group/a-name"})
    (deleted,) = schedule.KIND.remove(live)
    assert deleted.params == {"GroupName": "a-group", "Name": "a-name"}


def test_a_group_refuses_no_deletion_of_what_is_gone():
    (call, wait) = KIND.remove(schedule.Live(group(), {"id": NAME}))
    assert "ResourceNotFoundException" in call.ignore
    assert wait.until == "schedule_group_deleted"
