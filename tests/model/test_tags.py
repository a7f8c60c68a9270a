import pytest
from toys import toy

from reconciler.aws.cli_command import cli_command
from reconciler.model import tags
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call

MINE = {tags.STACK: "shop/dev/x", tags.NAME: "a"}


@pytest.mark.parametrize(
    "answer",
    [
        [{"Key": "k", "Value": "v"}, {"Key": "aws:cf", "Value": "x"}],
        [{"key": "k", "value": "v"}, {"key": "aws:cf", "value": "x"}],
        {"k": "v", "aws:cf": "x"},
    ],
)
def test_every_shape_is_read_and_aws_own_tags_are_left_out(answer):
    assert tags.parse(answer) == {"k": "v"}


def test_no_tags_are_no_tags():
    assert tags.parse(None) == tags.parse([]) == {}
    assert tags.parse([{"Key": "k"}]) == {"k": ""}


@pytest.mark.parametrize("style", ["Key", "key", "mapping"])
def test_what_is_written_is_read_back(style):
    assert tags.parse(tags.encode(MINE, style)) == MINE


def test_without_its_name_a_nameless_one_is_a_stranger():
    assert (tags.owner(MINE), tags.owner_of_nameless(MINE)) == ("shop/dev/x", "shop/dev/x")
    assert tags.owner_of_nameless({tags.STACK: "shop/dev/x"}) is None


def test_an_empty_tag_names_no_owner():
    emptied = MINE | {tags.STACK: ""}
    assert (tags.owner(emptied), tags.owner_of_nameless(emptied)) == (None, None)


def test_only_what_lacks_is_put_right():
    want = toy("a").model_copy(update={"tags": MINE | {"team": "x"}})
    live = Live(toy("a").model_copy(update={"tags": MINE | {"team": "y", "other": "z"}}), {"id": "i"})
    assert list(tags.retag(tags.EC2, want, live)) == [
        Call("ec2", "create_tags", {"Resources": [want.ref()], "Tags": [{"Key": "team", "Value": "x"}]})
    ]
    assert not list(tags.retag(tags.EC2, want, Live(want, {"id": "i"})))


@pytest.mark.parametrize(
    ("tagging", "command"),
    [
        (tags.EC2, """aws ec2 create-tags --resources i --tags '[{"Key": "k", "Value": "v w"}]'"""),
        (tags.ECS, """aws ecs tag-resource --resource-arn i --tags '[{"key": "k", "value": "v w"}]'"""),
        (tags.LOGS, """aws logs tag-resource --resource-arn i --tags '{"k": "v w"}'"""),
        (tags.IAM_ROLE, """aws iam tag-role --role-name i --tags '[{"Key": "k", "Value": "v w"}]'"""),
        (tags.ELB, """aws elbv2 add-tags --resource-arns i --tags '[{"Key": "k", "Value": "v w"}]'"""),
        (
            tags.CLOUD_MAP,
            """aws servicediscovery tag-resource --resource-arn i --tags '[{"Key": "k", "Value": "v w"}]'""",
        ),
    ],
)
def test_a_person_can_copy_the_command_that_tags(tagging, command):
    assert cli_command(tagging.call("i", {"k": "v w"})) == command


def test_a_resource_is_tagged_by_the_output_that_its_service_asks_for():
    (call,) = tags.retag(tags.ECS, toy("a"), Live(toy("a").model_copy(update={"tags": {}}), {"id": "i"}))
    assert call.params["resourceArn"] == Ref("toy", "a", "arn")


def test_a_resource_belongs_to_what_its_field_says_else_to_what_its_tag_says():
    tagged = toy("a").model_copy(update={"tags": {tags.SERVICE: "former"}})
    assert tags.service(tagged) == "former"
    assert tags.service(tagged.model_copy(update={"service": "api"})) == "api"
    assert tags.service(toy("a")) is None
