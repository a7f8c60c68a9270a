"""The execution role may read exactly the secrets that tasks start with."""

from pathlib import Path

import pytest

from desired_state import LoadError, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.resources.iam_role import IamRole
from reconciler.resources.task_definition import TaskDefinition

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
HEAD = "platform: shop\nenvironment: dev\nregion: us-east-1\n"
ARN = "arn:aws:{}:us-east-1:123456789012:{}"
KEY, SECRET = ARN.format("kms", "key/1234abcd-12ab-34cd"), ARN.format("secretsmanager", "secret:db-*")


def granted(folder: Path, text: str = "") -> dict[tuple[str, ...], list[str]]:
    """Return what the execution role may read: resources by actions."""
    file = folder / "platform.yaml"
    file.write_text(f"{HEAD}{text}services: {{api: {{}}}}\n")
    (role,) = (
        s
        for s in blueprint(load(file, None, environ={}), FACTS)
        if isinstance(s, IamRole) and s.name.startswith("ecs-task-execution")
    )
    found = role.policies["secrets"].statements if role.policies else ()
    return {tuple(sorted(s.actions)): sorted(s.resources) for s in found}


def test_by_default_every_secret_of_the_account_here(tmp_path):
    assert list(granted(tmp_path).values()) == [[ARN.format("secretsmanager", "secret:*")]]


def test_a_key_gives_decryption_with_exactly_that_one(tmp_path):
    found = granted(tmp_path, f'readable_secrets: ["{SECRET}", "{KEY}"]\n')
    assert found == {
        ("kms:Decrypt",): [KEY],
        ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"): [SECRET],
    }


def test_none_means_none(tmp_path):
    assert granted(tmp_path, "readable_secrets: []\n") == {}


@pytest.mark.parametrize("resource", ["key/*", "alias/db", "key/"])
def test_a_key_is_named_whole(tmp_path, resource):
    with pytest.raises(LoadError, match="or of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID"):
        granted(tmp_path, f'readable_secrets: ["{ARN.format("kms", resource)}"]\n')


SECRETS = ARN.format("secretsmanager", "secret:{}")
PARAMETERS = ARN.format("ssm", "parameter/{}")
DEFAULTS = "service_defaults: {{secrets: {{A: '{}'}}}}\n"


@pytest.mark.parametrize(
    ("reference", "resources"),
    [
        (SECRETS.format("db-AbCdEf"), [SECRETS.format("db-AbCdEf")]),
        (SECRETS.format("db-AbCdEf:password::"), [SECRETS.format("db-AbCdEf")]),
        (SECRETS.format("db-AbCdEf::AWSPREVIOUS:"), [SECRETS.format("db-AbCdEf")]),
        (SECRETS.format("prod/db"), [SECRETS.format("prod/db"), SECRETS.format("prod/db-??????")]),
        (SECRETS.format("prod/db:password::"), [SECRETS.format("prod/db"), SECRETS.format("prod/db-??????")]),
        (SECRETS.format("rds!db-1a2b").replace("us-east-1:123", "eu-west-1:999"), None),
        (PARAMETERS.format("db"), [PARAMETERS.format("db")]),
        (PARAMETERS.format("shop/db"), [PARAMETERS.format("shop/db")]),
        ("/shop/db", [PARAMETERS.format("shop/db")]),
    ],
)
def test_a_secret_is_granted_by_the_arns_that_iam_compares(tmp_path, reference, resources):
    elsewhere = [reference, f"{reference}-??????"]  # another region and account: with its own ARN
    found = granted(tmp_path, "readable_secrets: []\n" + DEFAULTS.format(reference))
    assert [*found.values()] == [resources or elsewhere]


@pytest.mark.parametrize("secret", ["db-AbCdEf", "db-prod", "db-AbCdEf:password::"])
def test_what_a_pattern_grants_already_is_not_granted_once_more(tmp_path, secret):
    declared = f'readable_secrets: ["{SECRET}"]\n'
    assert [*granted(tmp_path, declared + DEFAULTS.format(SECRETS.format(secret))).values()] == [[SECRET]]


@pytest.mark.parametrize(
    ("secret", "value_from"),
    [
        ("{secret: shop/api, key: token}", SECRETS.format("shop/api:token::")),
        ("{secret: shop/api}", SECRETS.format("shop/api")),
        (f"{{secret: '{SECRETS.format('a-AbCdEf')}', key: k}}", SECRETS.format("a-AbCdEf:k::")),
        ("{value_from: /shop/db}", "/shop/db"),
    ],
)
def test_ecs_gets_the_arn_of_a_secret_that_the_file_names(tmp_path, secret, value_from):
    file = tmp_path / "platform.yaml"
    file.write_text(f"{HEAD}services: {{api: {{secrets: {{A: {secret}}}}}}}\n")
    (definition,) = (s for s in blueprint(load(file, None, environ={}), FACTS) if isinstance(s, TaskDefinition))
    assert definition.containers["api"].secrets == {"A": value_from}


def test_of_a_named_secret_the_role_may_read_all_that_the_name_stands_for(tmp_path):
    named = "service_defaults: {secrets: {A: {secret: shop/api, key: token}}}\n"
    (resources,) = granted(tmp_path, f"readable_secrets: []\n{named}").values()
    assert resources == [SECRETS.format("shop/api"), SECRETS.format("shop/api-??????")]
