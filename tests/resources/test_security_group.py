import pytest
from network import vpc
from support import client, differences, look, make, see, settle

from reconciler.model.references import Ref
from reconciler.model.tags import NAME, STACK
from reconciler.resources.security_group import KIND, SecurityGroup, SecurityGroupWithRules, from_aws

pytestmark = pytest.mark.usefixtures("aws")


def group(description: str = "of tasks", **fields: object) -> SecurityGroupWithRules:
    return make(
        SecurityGroupWithRules, "tasks-dev", vpc=Ref("vpc", "vpc-dev"), description=description, **fields
    )


PLATFORM = [vpc(), group()]


def live_group() -> str:
    (found,) = [x for x in look(PLATFORM) if x.spec.kind == "security_group" and x.owner]
    return found.outputs["id"]


def own(name: str = "tasks-dev", **fields: object) -> SecurityGroup:
    return make(SecurityGroup, name, **{"vpc": Ref("vpc", "vpc-dev"), "description": "of tasks", **fields})


@pytest.mark.parametrize(("is_ours", "named"), [(True, set()), (False, {"sg-2", "sg-3"})])
def test_an_answer_becomes_a_spec(is_ours: bool, named: set[str]):
    answer = {
        "GroupId": "sg-1",
        "GroupName": "tasks",
        "Description": "of tasks",
        "VpcId": "vpc-1",
        "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]}],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-3"}]}],
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    assert from_aws("tasks", answer, is_ours=is_ours) == SecurityGroup(
        name="tasks", tags={"team": "shop"}, vpc="vpc-1", description="of tasks", named_groups=frozenset(named)
    )


def test_a_name_depends_on_what_cannot_be_changed_so_that_old_and_new_fit_beside_each_other():
    assert own().physical_name.startswith("tasks-dev-")
    assert own().physical_name == own().physical_name
    assert own().physical_name != own(description="of others").physical_name
    assert len(own("x" * 300).physical_name) == 255


def test_a_new_group_bears_its_tags_from_the_start():
    (create,) = KIND.ensure(own(), None)
    assert create.params["TagSpecifications"][0]["ResourceType"] == "security-group"
    assert create.params["GroupName"] == own().physical_name


def test_a_group_with_rules_is_two_resources():
    assert [part.kind for part in group().parts()] == ["security_group", "security_group_rules"]


def test_made_then_nothing_to_do_then_gone():
    assert settle(PLATFORM) == [
        "create security_group.tasks-dev",
        "create security_group_rules.tasks-dev",
        "create vpc.vpc-dev",
    ]
    settle([], file=PLATFORM)
    assert look(PLATFORM) == []


def test_another_description_is_another_group_and_the_old_one_goes():
    settle(PLATFORM)
    before = live_group()
    assert settle([vpc(), group("of others")]) == [
        "create security_group.tasks-dev",
        "create security_group_rules.tasks-dev",
        "delete security_group.tasks-dev",
        "delete security_group_rules.tasks-dev",
    ]
    assert live_group() != before


def test_a_tag_changed_by_hand_is_put_right():
    mine = [vpc(), group().model_copy(update={"tags": {**group().tags, "team": "shop"}})]
    settle(mine)
    client("ec2").delete_tags(Resources=[live_group()], Tags=[{"Key": "team"}])
    assert differences(see(mine)) == {"security_group.tasks-dev": ["tags"]}
    settle(mine)


def test_a_group_of_the_desired_name_in_another_case_stops_the_plan():
    settle([vpc()])
    (found,) = [x for x in look([vpc()]) if x.spec.kind == "vpc"]
    client("ec2").create_security_group(
        GroupName=own().physical_name.upper(), Description="theirs", VpcId=found.outputs["id"]
    )
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == "security_group.tasks-dev"


@pytest.mark.parametrize("lost", [STACK, NAME])
def test_a_group_whose_tags_were_lost_stops_the_plan(lost: str):
    settle(PLATFORM)
    client("ec2").delete_tags(Resources=[live_group()], Tags=[{"Key": lost}])
    assert [str(c.address) for c in see(PLATFORM).conflicts] == ["security_group.tasks-dev"]


def test_the_default_group_is_never_read():
    settle([vpc()])
    assert [live.spec.kind for live in look(PLATFORM)] == ["vpc"]


def test_groups_of_others_in_our_vpc_are_reported_and_left():
    settle(PLATFORM)
    (found,) = [x for x in look([vpc()]) if x.spec.kind == "vpc"]
    client("ec2").create_security_group(GroupName="theirs", Description="theirs", VpcId=found.outputs["id"])
    todo = see(PLATFORM)
    assert not todo.changes
    assert [live.spec.kind for live in todo.foreign] == ["security_group"]
