"""Neither a rehearsal nor the sandbox's clients go where the user's settings of AWS say."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import HTTPClientError

from reconciler.aws.client import Aws, connect, enclosed
from reconciler.early import SERVICES_READ
from reconciler.errors import RunRefused
from reconciler.sandbox import CALM
from reconciler.sandbox.private import private

ELSEWHERE = "https://elsewhere.example"
CONFIG = f"""
[default]
region = eu-west-1
endpoint_url = {ELSEWHERE}
use_dualstack_endpoint = true
use_fips_endpoint = true
sts_regional_endpoints = legacy
defaults_mode = auto
retry_mode = adaptive
max_attempts = 1
ca_bundle = /nowhere
account_id_endpoint_mode = required
parameter_validation = false
services = elsewhere
s3 =
  use_accelerate_endpoint = true
  addressing_style = virtual
[services elsewhere]
ecs =
  endpoint_url = {ELSEWHERE}
ec2 =
  endpoint_url = {ELSEWHERE}
"""
CREDENTIALS = """
[default]
credential_process = touch {touched}
[profile sso]
sso_start_url = https://elsewhere.example
"""
VARIABLES = {
    "AWS_PROFILE": "nowhere",
    "AWS_ENDPOINT_URL": ELSEWHERE,
    "AWS_ENDPOINT_URL_ECS": ELSEWHERE,
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_CA_BUNDLE": "/nowhere",
    "AWS_DEFAULTS_MODE": "auto",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "required",
    "AWS_DATA_PATH": "/nowhere",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/elsewhere",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
}
FIRST_CALLS = {  # one of each service that a plan reads
    "sts": "get_caller_identity",
    "ec2": "describe_vpcs",
    "iam": "list_roles",
    "ecs": "list_clusters",
    "elbv2": "describe_load_balancers",
    "ecr": "describe_repositories",
    "servicediscovery": "list_namespaces",
    "logs": "describe_log_groups",
    "cloudwatch": "list_dashboards",
    "resourcegroupstaggingapi": "get_resources",
    "dynamodb": "list_tables",
}


@pytest.fixture
def touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let all settings lead elsewhere and no connection be made; yield what a credential process touches."""
    made = tmp_path / "touched"
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "credentials").write_text(CREDENTIALS.format(touched=made))
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[not closed")
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setattr("moto.settings.TEST_SERVER_MODE", True)  # the variable of this name is read at import
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _refuse_to_connect)
    monkeypatch.setattr(socket, "getaddrinfo", _refuse_to_connect)
    yield made
    assert not made.exists()


def _refuse_to_connect(*words: object, **_: object) -> None:
    raise AssertionError(f"connects to {words}")


def ask_all(aws: Aws) -> None:
    assert FIRST_CALLS.keys() | {"application-autoscaling"} >= {*SERVICES_READ}
    for service, operation in FIRST_CALLS.items():
        for retries in (True, False):
            getattr(aws.client(service, retries=retries), operation)()


@pytest.mark.usefixtures("touched")
@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "cn-north-1"])
def test_a_rehearsal_stays_in_its_process(region: str) -> None:
    aws = enclosed(region)
    with private(CALM):
        ask_all(aws)
    assert aws.region == region


@pytest.mark.usefixtures("touched")
def test_what_no_embedded_aws_answers_is_refused_and_not_sent() -> None:
    with pytest.raises(RunRefused, match=r"has nothing at https://ecs\.us-east-1\.amazonaws\.com/"):
        enclosed("us-east-1").client("ecs").list_clusters()


@pytest.mark.usefixtures("touched")
@pytest.mark.parametrize("account", [None, "210987654321"])
def test_the_sandboxs_clients_go_to_its_endpoint_as_a_caller_of_the_account(account: str | None) -> None:
    aws, sent = connect("us-gov-west-1", "http://127.0.0.1:5000", account), []
    aws.session.events.register("before-send", lambda request, **_: sent.append(request))
    for service, operation in FIRST_CALLS.items():
        with pytest.raises(HTTPClientError, match=r"connects to .*'127.0.0.1', 5000"):
            getattr(aws.client(service, retries=False), operation)()
    assert {request.url.partition("?")[0] for request in sent} == {"http://127.0.0.1:5000/"}
    caller = f"Credential={account or '123456789012'}/"
    assert all(caller in request.headers["Authorization"].decode() for request in sent)
