import pytest

from reconciler.aws.cli_command import cli_command, cli_commands
from reconciler.model.references import Ref
from reconciler.model.steps import Call, Rollout

TAG = Call("ec2", "create_tags", {"Resources": [Ref("vpc", "vpc-1", by_id=True)], "Tags": [{"Key": "k"}]})


@pytest.mark.parametrize(
    ("call", "command"),
    [
        (TAG, """aws ec2 create-tags --resources vpc-1 --tags '[{"Key": "k"}]'"""),
        (Call("logs", "list_tags", {"resourceArn": "a b"}), "aws logs list-tags --resource-arn 'a b'"),
        (
            Call("ecs", "x", {"force": True, "dryRun": False, "count": 3}),
            "aws ecs x --force --no-dry-run --count 3",
        ),
    ],
)
def test_a_call_is_a_command_to_copy(call, command):
    assert cli_command(call) == command


def test_a_command_says_its_region_where_it_is_known():
    assert cli_command(Call("ecs", "x", {}), "eu-west-1") == "aws ecs x --region eu-west-1"


def test_of_several_steps_the_calls_are_commands():
    assert cli_commands([Call("ecs", "x", {}), Rollout({}), Call("ecs", "y", {})]) == "aws ecs x; aws ecs y"
    assert cli_commands([Call("ecs", "x", {})], "eu-west-1") == "aws ecs x --region eu-west-1"
