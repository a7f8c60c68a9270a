"""Log-ins may look at the file's client secrets and pools, and a use that only looks never gets a value."""

import pytest

from desired_state import Platform, load
from reconciler.rights.log_in import log_in_grants
from reconciler.rights.place import place_of
from reconciler.rights.use import Use

FILE = """
platform: shop
environment: dev
region: us-east-1
load_balancer:
  listeners: {https: {port: 443, certificate: "arn:aws:acm:us-east-1:123456789012:certificate/a"}}
services:
  web:
    routes: [{priority: 1, paths: ["/*"], auth: AUTH}]
"""
OIDC = """{oidc: {issuer: "https://a.example", authorization_endpoint: "https://a.example/a",
  token_endpoint: "https://a.example/t", user_info_endpoint: "https://a.example/u", client_id: shop, secret: SECRET}}"""
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_A"
COGNITO = f"{{cognito: {{user_pool: '{POOL}', client_id: shop, domain: shop}}}}"
SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret"


def granted(folder, auth: str, use: Use) -> list[tuple[object, object]]:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("AUTH", auth))
    platform: Platform = load(file, environ={})
    place = place_of(platform, partition="aws", region="us-east-1", account="123456789012")
    documents = [one.document for one in log_in_grants(platform, use, place)]
    return [(document["Action"], document["Resource"]) for document in documents]


@pytest.mark.parametrize(
    ("use", "actions"),
    [
        (Use.PLAN, "secretsmanager:DescribeSecret"),
        (Use.DRIFT, "secretsmanager:DescribeSecret"),
        (Use.APPLY, ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]),
        (Use.CORRECT, ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]),
    ],
)
def test_only_what_gives_a_secret_to_a_rule_may_read_it(tmp_path, use, actions):
    assert granted(tmp_path, OIDC.replace("SECRET", "shop/login"), use) == [
        (actions, f"{SECRETS}:shop/login-??????")
    ]


def test_a_secret_by_its_arn_is_that_one(tmp_path):
    ((_, resource),) = granted(tmp_path, OIDC.replace("SECRET", f"'{SECRETS}:a-AbCdEf'"), Use.PLAN)
    assert resource == f"{SECRETS}:a-AbCdEf"


def test_the_client_of_a_pool_may_be_looked_at_by_what_writes(tmp_path):
    assert granted(tmp_path, COGNITO, Use.APPLY) == [("cognito-idp:DescribeUserPoolClient", POOL)]
    assert granted(tmp_path, COGNITO, Use.PLAN) == []


@pytest.mark.parametrize("auth", ["none", OIDC.replace("SECRET", "shop/login"), COGNITO])
def test_a_destroy_needs_none_of_it(tmp_path, auth):
    assert granted(tmp_path, auth, Use.DESTROY) == []
