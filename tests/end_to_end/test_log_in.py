"""A log-in by OpenID Connect: its secret is given once, and kept by every change until it is another one."""

from pathlib import Path
from typing import Any

import pytest
from issued import issue_certificate
from moto.elbv2 import elbv2_backends
from support import Counted, client
from whole import applied, planned

from desired_state import Platform, load
from desired_state.mistakes import LoadError
from reconciler.model.steps import Call
from reconciler.resources.listener_rule.auth import SECRET_VERSION
from reconciler.sandbox.elbv2.log_ins import fingerprint_of

pytestmark = pytest.mark.usefixtures("aws")
FILE = """
platform: shop
environment: dev
region: us-east-1
load_balancer: {listeners: {https: {port: 443, certificate: "CERTIFICATE"}}}
service_defaults: {cpu: 256, memory: 512, port: 8080}
services:
  web:
    image: public.ecr.aws/nginx/nginx:1.27
    routes:
      - priority: 1
        paths: ["/*"]
        auth:
          oidc:
            issuer: https://login.example.com
            authorization_endpoint: https://login.example.com/authorize
            token_endpoint: https://login.example.com/token
            user_info_endpoint: https://login.example.com/info
            client_id: shop
            secret: shop/{environment}/login
"""
NAME = "shop/dev/login"


@pytest.fixture
def certificate(aws: object) -> str:
    return issue_certificate(client("acm"), client("route53"), "example.com")


def platform(folder: Path, certificate: str, service: str = "web", *, log_in: bool = True) -> Platform:
    text = FILE.replace("CERTIFICATE", certificate).replace("web:", f"{service}:")
    text = text if log_in else text.partition("        auth:")[0]
    (folder / "platform.yaml").write_text(text)
    return load(folder / "platform.yaml", environ={})


def store(text: str) -> None:
    client("secretsmanager").create_secret(Name=NAME, SecretString=text)


def rotate(text: str) -> None:
    client("secretsmanager").put_secret_value(SecretId=NAME, SecretString=text)


def the_rule() -> Any:
    balancers = elbv2_backends["123456789012"]["us-east-1"].load_balancers.values()
    (found,) = (r for b in balancers for x in b.listeners.values() for r in x._non_default_rules.values())
    return found


def given() -> str | None:
    return the_rule().client_secret


def test_the_secret_is_given_with_the_rule_and_then_there_is_nothing_to_do(tmp_path, certificate):
    store("one")
    applied(platform(tmp_path, certificate))
    assert given() == fingerprint_of("one")
    with Counted() as counted:
        assert planned(platform(tmp_path, certificate)).changes == ()
    assert (counted["DescribeSecret"], counted["GetSecretValue"]) == (1, 0)


def test_another_version_is_one_modify_rule_between_two_tags(tmp_path, certificate):
    store("one")
    applied(platform(tmp_path, certificate))
    rotate("two")
    (change,) = planned(platform(tmp_path, certificate)).changes
    assert [f.field for f in change.fields] == ["secret_version"]
    steps = [step.operation for step in change.steps if isinstance(step, Call)]
    assert steps == ["add_tags", "modify_rule", "add_tags"]
    applied(platform(tmp_path, certificate))
    assert given() == fingerprint_of("two")
    (told,) = client("elbv2").describe_tags(ResourceArns=[the_rule().arn])["TagDescriptions"]
    assert len(next(tag["Value"] for tag in told["Tags"] if tag["Key"] == SECRET_VERSION)) == 36
    assert planned(platform(tmp_path, certificate)).changes == ()


def test_requests_that_move_to_another_target_group_are_logged_in_all_the_way(tmp_path, certificate):
    store("one")
    applied(platform(tmp_path, certificate))
    with Counted() as counted:
        applied(platform(tmp_path, certificate, service="shop"))
    assert (counted["ModifyRule"], counted["GetSecretValue"]) == (3, 0)
    assert [action.type for action in the_rule().actions] == ["authenticate-oidc", "forward"]
    assert given() == fingerprint_of("one")
    assert planned(platform(tmp_path, certificate, service="shop")).changes == ()


def test_without_a_log_in_it_is_open_again_and_its_secret_is_not_asked_for(tmp_path, certificate):
    store("one")
    applied(platform(tmp_path, certificate))
    client("secretsmanager").delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    applied(platform(tmp_path, certificate, log_in=False))
    assert [action.type for action in the_rule().actions] == ["forward"]


def missing() -> None:
    pass


def deleted() -> None:
    store("one")
    client("secretsmanager").delete_secret(SecretId=NAME)


def empty() -> None:
    client("secretsmanager").create_secret(Name=NAME)


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (missing, "names no secret that Secrets Manager has in us-east-1"),
        (deleted, "is to be deleted; restore it, or name another one"),
        (empty, "has no value yet"),
    ],
)
def test_a_secret_that_cannot_be_given_is_told_with_its_line_before_any_write(
    tmp_path, certificate, there, told
):
    there()
    with pytest.raises(LoadError) as error:
        planned(platform(tmp_path, certificate))
    (mistake,) = error.value.mistakes
    assert (mistake.line, mistake.where) == (20, "services.web.routes[0].auth.oidc.secret")
    assert mistake.message == told


def test_the_load_balancers_own_group_lets_it_ask_the_provider(tmp_path, certificate):
    store("one")
    applied(platform(tmp_path, certificate))
    (balancer,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
    (group,) = client("ec2").describe_security_groups(GroupIds=balancer["SecurityGroups"])["SecurityGroups"]
    ways_out = [(p["IpProtocol"], r["CidrIp"]) for p in group["IpPermissionsEgress"] for r in p["IpRanges"]]
    assert ways_out == [("-1", "0.0.0.0/0")]
