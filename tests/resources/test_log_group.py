import pytest
from support import Counted, calls, client, differences, look, make, see, settle

from reconciler.model.spec import Live
from reconciler.model.tags import STACK
from reconciler.resources.log_group import KIND, LogGroup, find_folders

pytestmark = pytest.mark.usefixtures("aws")
NAME = "/aws/ecs/shop-dev"


def group(retention_days: int | None = 7, name: str = NAME) -> LogGroup:
    return make(LogGroup, name, retention_days=retention_days)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"/aws/ecs/a", "/aws/ecs/b"}, ["/aws/ecs/"]),
        ({"/aws/ecs/a", "/aws/ecs/x/b", "/app/c"}, ["/app/", "/aws/ecs/"]),
        ({"plain", "/aws/ecs/a"}, [""]),
        (set(), [""]),
    ],
)
def test_groups_are_listed_folder_by_folder(names: set[str], found: list[str]):
    assert find_folders(frozenset(names)) == found


def test_a_new_group_gets_its_retention_in_a_second_call():
    (create, keep) = calls(KIND.ensure(group(), None))
    assert create == ("create_log_group", {"logGroupName": NAME, "tags": group().tags})
    assert keep == ("put_retention_policy", {"logGroupName": NAME, "retentionInDays": 7})


def test_retention_that_is_not_given_is_not_managed():
    assert [operation for operation, _ in calls(KIND.ensure(group(None), None))] == ["create_log_group"]
    assert calls(KIND.ensure(group(None), Live(group(7), {"id": NAME}))) == []


def test_made_then_nothing_to_do_then_gone():
    assert settle([group()]) == [f"create log_group.{NAME}"]
    assert settle([], file=[group()]) == [f"delete log_group.{NAME}"]
    assert look([group()]) == []


def test_a_group_that_keeps_for_ever_is_made_and_left():
    settle([group(None)])
    client("logs").put_retention_policy(logGroupName=NAME, retentionInDays=30)
    assert not see([group(None)]).changes


@pytest.mark.parametrize("days", [1, None])
def test_retention_changed_by_hand_is_put_right(days: int | None):
    settle([group()])
    if days:
        client("logs").put_retention_policy(logGroupName=NAME, retentionInDays=days)
    else:
        client("logs").delete_retention_policy(logGroupName=NAME)
    assert differences(see([group()])) == {f"log_group.{NAME}": ["retention_days"]}
    settle([group()])


def test_a_tag_changed_by_hand_is_put_right():
    settle([group()])
    (found,) = look([group()])
    client("logs").tag_resource(
        resourceArn=found.outputs["arn"], tags={"ecs-reconciler:name": "else", "theirs": "kept"}
    )
    assert differences(see([group()])) == {f"log_group.{NAME}": ["tags"]}
    settle([group()])
    (found,) = look([group()])
    assert found.spec.tags["theirs"] == "kept"


def test_a_group_that_a_task_made_again_is_not_touched():
    client("logs").create_log_group(logGroupName=NAME)
    (conflict,) = see([group()]).conflicts
    assert "aws logs tag-resource" in conflict.remedy


def test_a_group_whose_service_left_the_file_is_surplus():
    gone = group(name="/aws/ecs/gone-dev")
    settle([group(), gone])
    assert settle([group()]) == ["delete log_group./aws/ecs/gone-dev"]


def test_a_group_that_lost_its_tag_stops_the_plan():
    settle([group()])
    (found,) = look([group()])
    client("logs").untag_resource(resourceArn=found.outputs["arn"], tagKeys=[STACK])
    assert [str(c.address) for c in see([group()]).conflicts] == [f"log_group.{NAME}"]


def test_groups_of_others_cost_list_pages_only():
    settle([group()])
    for n in range(60):
        client("logs").create_log_group(logGroupName=f"/aws/ecs/theirs-{n}")
        client("logs").create_log_group(logGroupName=f"/aws/lambda/theirs-{n}")
    with Counted() as counted:
        look([group()])
    assert counted["ListTagsForResource"] == 1
    assert counted["DescribeLogGroups"] <= 2
