"""The client secret of a log-in is in nothing that a command says, writes or leaves behind."""

import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from issued import issue_certificate
from moto.elbv2 import elbv2_backends
from moto.elbv2.responses import ELBV2Response
from support import client

from reconciler.aws.lease.item import TABLE
from reconciler.cli import main
from reconciler.sandbox.elbv2.log_ins import fingerprint_of
from reconciler.sandbox.elbv2.refusals import refuse
from reconciler.sandbox.planted.secret import MADE_UP

VALUES = ["hunter2 is/the+value", "correct horse battery", "staple that is the third"]
PLANTED = [form for value in VALUES for form in (value, quote(value), quote_plus(value))]
FILE = """
platform: shop
environment: dev
region: us-east-1
load_balancer: {listeners: {https: {port: 443, certificate: "CERTIFICATE"}}}
service_defaults: {cpu: 256, memory: 512}
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
            secret: {secret: login, key: shop}
"""
EVERY_FORM = (
    ["plan"],
    ["plan", "--json", "--show-values"],
    ["plan", "--calls", "--show-values"],
    ["plan", "--markdown", "--show-values"],
    ["plan", "--log-level", "debug", "--debug"],
    ["drift"],
    ["drift", "--html"],
    ["drift", "--json"],
)


@pytest.fixture
def file(tmp_path: Path, aws: object) -> Path:
    path = tmp_path / "platform.yaml"
    certificate = issue_certificate(client("acm"), client("route53"), "example.com")
    path.write_text(FILE.replace("CERTIFICATE", certificate))
    client("secretsmanager").create_secret(Name="login", SecretString=json.dumps({"shop": VALUES[0]}))
    return path


def rotate(value: str) -> None:
    client("secretsmanager").put_secret_value(SecretId="login", SecretString=json.dumps({"shop": value}))


def run(capsys, file: Path, *words: str) -> str:
    """Run a command and return all that it wrote."""
    main([words[0], str(file), *words[1:]])
    out, err = capsys.readouterr()
    return out + err


def found_in(text: str) -> list[str]:
    return [form for form in PLANTED if form in text]


def given() -> str | None:
    """Return the fingerprint of the secret that the rule has."""
    balancers = elbv2_backends["123456789012"]["us-east-1"].load_balancers.values()
    (rule,) = (r for b in balancers for x in b.listeners.values() for r in x._non_default_rules.values())
    return rule.client_secret


def test_no_form_of_any_command_shows_it(file, capsys):
    said = "".join(run(capsys, file, *words) for words in EVERY_FORM)
    said += run(capsys, file, "apply", "--yes", "--calls", "--show-values", "--log-level", "debug", "--debug")
    assert given() == fingerprint_of(VALUES[0])
    rotate(VALUES[1])
    said += "".join(run(capsys, file, *words) for words in EVERY_FORM)
    said += run(capsys, file, "apply", "--yes", "--json", "--calls", "--show-values", "--log-level", "debug")
    assert given() == fingerprint_of(VALUES[1])
    assert said.count("(secret login-") > 2
    assert found_in(said) == []
    trail = json.dumps(client("cloudtrail").lookup_events(MaxResults=50)["Events"], default=str)
    assert "ModifyRule" in trail
    assert found_in(trail) == []
    assert found_in(json.dumps(client("dynamodb").scan(TableName=TABLE)["Items"])) == []


@pytest.mark.parametrize("words", [[], ["--json"], ["--log-level", "debug", "--debug"]])
def test_an_error_of_aws_that_repeats_it_is_told_without_it(file, capsys, monkeypatch, words):
    def repeat(response):
        refuse("InvalidLoadBalancerAction", f"What do you mean by {response._get_params()}?")

    monkeypatch.setattr(ELBV2Response, "create_rule", repeat)
    said = run(capsys, file, "apply", "--yes", *words)
    assert "What do you mean by" in said
    assert found_in(said) == []


def test_a_rehearsal_makes_one_up_and_shows_it_no_more(file, capsys):
    file.write_text(FILE.replace("CERTIFICATE", "arn:aws:acm:us-east-1:123456789012:certificate/ab12"))
    said = run(capsys, file, "rehearse", "--json", "--calls", "--show-values")
    assert "(secret login-" in said
    assert found_in(said) == []
    assert MADE_UP not in said
