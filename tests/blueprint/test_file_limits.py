"""What no request raises is a mistake of the file: told before any call, with the size of each part."""

import pytest
from botocore.exceptions import ClientError
from support import client

from desired_state import LoadError, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.limits import dashboard, require_within_limits
from reconciler.model.references import Json, resolve
from reconciler.resources.dashboard import Dashboard
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.parameters import encode_task_definition

HEAD = "platform: shop\nenvironment: dev\nregion: us-east-1\n"
NONE_READABLE = "readable_secrets: []\n"
FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/a-rather-long-name/{}-AbCdEf"


@pytest.fixture
def told(tmp_path):
    def told(text: str) -> str:
        file = tmp_path / "platform.yaml"
        file.write_text(HEAD + (text if "readable_secrets" in text else NONE_READABLE + text))
        try:
            require_within_limits(load(file, environ={}), "aws")
        except LoadError as error:
            return str(error).replace(f"{tmp_path}/", "")
        return ""

    return told


def big(size: int, tags: int = 0) -> str:
    keys = ", ".join(f"t{n}: {'v' * 256}" for n in range(tags))
    return f"tags: {{{keys}}}\nservices: {{web: {{environment: {{BIG: '{'x' * size}', SMALL: y}}}}}}\n"


def test_a_task_definition_of_more_than_64_kib_says_what_is_large(told):
    assert told(big(64_000)) == ""
    assert told(big(65_536)) == (
        "platform.yaml:6:18: services.web.environment: the task definition would have 66,517 bytes, and ECS takes "
        "65,536: environment 65,630 (BIG 65,561, SERVICE_NAME 37, SMALL 28), all else 628, logConfiguration 134, "
        "image 75, 3 more 50; put long values where the service reads them itself, such as S3 or SSM"
    )
    assert "all else 13," in told(big(64_000, tags=46))


def test_a_letter_of_two_bytes_is_counted_as_two(told):
    assert told(big(20_000).replace("x", "é")) == ""
    assert "would have " in told(big(33_000).replace("x", "é"))


@pytest.mark.parametrize(
    ("key", "value"),
    [("command", "[{}]"), ("container_health_check", "{{command: [CMD-SHELL, {}]}}"), ("secrets", None)],
)
def test_the_largest_part_is_named_with_its_key(told, key, value):
    many = "".join(f"S{n}: '{SECRET.format(n)}', " for n in range(700))
    written = value.format("x" * 66_000) if value else f"{{{many}}}"
    whole = f"readable_secrets: ['{SECRET.format('*').removesuffix('-AbCdEf')}']\n"
    assert f": services.web.{key}: the task definition would have" in told(
        f"{whole}services: {{web: {{{key}: {written}}}}}\n"
    )


OUTPUTS = {
    "arn": "arn:aws:iam::123456789012:role/{}",
    "uri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/{}",
    "id": "{}",
}
LARGEST = 64_555  # a value with which the task definition has just 64 KiB


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1])
def test_the_size_is_that_of_the_request(told, tmp_path, size):
    """The stand-ins are as long as what they stand for: the embedded AWS refuses just what is told."""
    is_told = bool(told(big(size)))
    specs = blueprint(load(tmp_path / "platform.yaml", environ={}), FACTS)
    (definition,) = (spec for spec in specs if isinstance(spec, TaskDefinition))
    params = resolve(encode_task_definition(definition), lambda ref: OUTPUTS[ref.attr].format(ref.name))
    assert is_told is (size > LARGEST)
    if is_told:
        with pytest.raises(ClientError, match="Actual length: '65537'"):
            client("ecs").register_task_definition(**params)
    else:
        client("ecs").register_task_definition(**params)


def statements(number: int, padding: int = 0) -> str:
    rows = "".join(
        f"      - {{actions: [s3:GetObject], resources: ['arn:aws:s3:::a-bucket-with-a-long-name/{n:05}/*']}}\n"
        for n in range(number)
    )
    rows = rows.replace("/00000/", f"/00000{'0' * padding}/")
    return f"services:\n  web:\n    permissions:\n{rows}"


def test_permissions_of_more_than_10240_characters_say_what_is_long(told):
    assert told(statements(90)) == ""
    assert told(statements(100)) == (
        "platform.yaml:7:5: services.web.permissions: the inline policies of ecs-task-web-shop-dev would have 10,850 "
        "characters, and IAM takes 10,240: permissions 10,738 (100 statements, the longest 106: Allow s3:GetObject on "
        "arn:aws:s3:::a-bucket-with-a-long-name/00099/*), telemetry 112 (Allow cloudwatch:PutMetricData on *); make "
        "fewer statements, with several actions and resources each, or use * in them"
    )


def test_just_10240_characters_are_allowed(told):
    assert told(statements(94, padding=32)) == ""
    assert "would have 10,241 characters" in told(statements(94, padding=33))


def secrets(first: int, second: int) -> str:
    def rows(service: str, number: int) -> str:
        return "".join(f"      S{n}: '{SECRET.format(f'{service}-{n}')}'\n" for n in range(number))

    return f"services:\n  a:\n    secrets:\n{rows('a', first)}  b:\n    secrets:\n{rows('b', second)}"


def test_secrets_that_fill_the_execution_role_are_told_by_service(told):
    assert told(secrets(40, 40)) == ""
    found = told(secrets(80, 40))
    assert found.startswith(
        "platform.yaml:5:1: services: the inline policies of ecs-task-execution-shop-dev would have"
    )
    assert "the secrets of services: a 7,030, b 3,510; cover many by one pattern in readable_secrets" in found


def test_patterns_that_fill_the_execution_role_are_told_where_they_are(told):
    many = ", ".join(f"'{SECRET.format(n)}'" for n in range(120))
    found = told(f"readable_secrets: [{many}]\nservices: {{a: {{secrets: {{S: '{SECRET.format(1)}'}}}}}}")
    assert ": readable_secrets: the inline policies of ecs-task-execution-shop-dev would have" in found


def test_a_pattern_makes_room_for_secrets(tmp_path):
    pattern = SECRET.format("*").removesuffix("-AbCdEf")
    file = tmp_path / "platform.yaml"
    file.write_text(f"{HEAD}readable_secrets: ['{pattern}']\n" + secrets(80, 40))
    require_within_limits(load(file, environ={}), "aws")


def test_a_dashboard_of_more_than_500_widgets_can_be_left_out(told):
    services = "services:\n" + "".join(f"  s{n}: {{desired_count: 1}}\n" for n in range(250))
    assert told(services) == (
        "platform.yaml:1:1: dashboard: the dashboard would have 501 widgets, and CloudWatch takes 500: 500 of 250 "
        "services, 1 of the platform; write `dashboard: false`, or make two platforms of this one"
    )
    assert told(f"dashboard: false\n{services}") == ""


@pytest.mark.parametrize(("widgets", "excesses"), [(500, 0), (501, 1)])
def test_just_500_widgets_are_allowed(tmp_path, widgets, excesses):
    file = tmp_path / "platform.yaml"
    file.write_text(HEAD + NONE_READABLE + "services: {web: {}}")
    shown = Dashboard(name="d", body=Json({"widgets": [{}] * widgets}))
    assert len([*dashboard.find_excess(shown, load(file, environ={}))]) == excesses


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_names_of_another_partition_count_as_long_as_they_are(tmp_path, region):
    file = tmp_path / "platform.yaml"
    file.write_text((HEAD + NONE_READABLE + big(100)).replace("us-east-1", region))
    require_within_limits(load(file, environ={}), f"aws-{region.partition('-')[0]}")


def test_tags_of_the_file_and_the_engine_are_fifty_at_most(tmp_path):
    file = tmp_path / "platform.yaml"
    file.write_text(HEAD + big(1, tags=46))
    specs = blueprint(load(file, environ={}), FACTS)
    assert max(len(spec.tags) for spec in specs) == 50
