"""Values of secrets are read while a call is made, and nothing that formats it shows them."""

import json
import logging
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

import boto3
import pytest
from botocore.exceptions import ClientError
from support import REGION, client, connection

from reconciler.aws.cli_command import cli_command
from reconciler.aws.client import Aws
from reconciler.aws.secret_values import Revealed, revealed
from reconciler.errors import SecretUnusable
from reconciler.model.plan import Change, Op
from reconciler.model.references import Address, digest, resolve, substitute
from reconciler.model.secret_value import SecretValue
from reconciler.model.steps import Call
from reconciler.plan import validate
from reconciler.render.values import format_step

pytestmark = pytest.mark.usefixtures("aws")
VALUE = "hunter2 is-the-value"
RULE = f"arn:aws:elasticloadbalancing:{REGION}:123456789012:listener-rule/app/a/{'/'.join(['0123456789abcdef'] * 3)}"
NAMED = SecretValue("arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/login-a1B2c3", "v1", "token")


def made(text: str, key: str | None = None) -> SecretValue:
    """Make a secret, and return what names its value."""
    found = client("secretsmanager").create_secret(Name="shop/login", SecretString=text)
    return SecretValue(found["ARN"], found["VersionId"], key)


def filled(source: SecretValue) -> Any:
    with revealed(connection().client, {"A": [{"B": source}], "C": 1}) as params:
        return params


def modify(source: SecretValue) -> Call:
    oidc = dict.fromkeys(("Issuer", "TokenEndpoint", "UserInfoEndpoint", "ClientId"), "https://a.example")
    oidc |= {"AuthorizationEndpoint": "https://a.example", "ClientSecret": source}
    actions = [{"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": oidc}]
    return Call("elbv2", "modify_rule", {"RuleArn": "arn:rule", "Actions": actions})


def test_a_value_is_put_where_a_call_names_it():
    params = filled(made(VALUE))
    assert params == {"A": [{"B": VALUE}], "C": 1}


def test_a_key_leads_to_a_part_of_it():
    params = filled(made(json.dumps({"token": VALUE}), "token"))
    assert params["A"][0]["B"] == VALUE


@pytest.mark.parametrize("text", [VALUE, json.dumps([VALUE]), json.dumps({"other": VALUE}), '{"token": 1}'])
def test_a_secret_without_the_key_is_told_without_its_value(text: str):
    with pytest.raises(SecretUnusable, match="no JSON object with a text at this key") as told:
        filled(made(text, "token"))
    assert VALUE not in str(told.value)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


def test_a_version_is_read_also_when_there_is_a_newer_one():
    old = made(VALUE)
    client("secretsmanager").put_secret_value(SecretId="shop/login", SecretString="newer")
    assert filled(old)["A"][0]["B"] == VALUE


def test_a_version_that_is_gone_is_an_error_of_aws():
    with pytest.raises(ClientError, match="GetSecretValue"):
        filled(SecretValue(made(VALUE).arn, "0" * 36))


def test_whoever_formats_a_revealed_value_shows_its_name():
    value = Revealed(VALUE, NAMED)
    shown = [str(value), repr(value), f"{value}", f"{[value]}", "%s" % value, "{:>9}".format(value)]  # noqa: UP031, UP032
    assert all("(secret shop/login-a1B2c3 key token, version v1)" in text for text in shown)
    assert value.encode() == VALUE.encode()


def test_an_error_of_aws_that_repeats_the_value_is_raised_without_it():
    error = ClientError({"Error": {"Code": "X", "Message": f"'{VALUE}' is wrong"}}, "ModifyRule")
    with pytest.raises(ClientError) as told, revealed(connection().client, {"B": made(VALUE)}):
        raise error
    assert VALUE not in str(told.value) + str(told.value.response)
    assert "is wrong" in str(told.value)


def test_neither_botocore_nor_whoever_listens_to_calls_learns_it(caplog):
    source, heard = made(VALUE), list[Call]()
    aws = Aws(boto3.Session("test", "test", region_name=REGION))
    aws.notify_of_calls(heard.append)
    call = modify(source)
    with caplog.at_level(logging.DEBUG), pytest.raises(ClientError, match="RuleNotFound"):
        aws.attempt(replace(call, params={**call.params, "RuleArn": RULE}))
    assert "ModifyRule" in caplog.text
    assert not [form for form in (VALUE, quote(VALUE), quote_plus(VALUE)) if form in caplog.text]
    asked = next(call for call in heard if call.operation == "modify_rule")
    assert asked.params["Actions"][0]["AuthenticateOidcConfig"]["ClientSecret"] == source


def test_a_call_is_shown_with_its_name_whatever_is_asked_for():
    for show_values in (False, True):
        shown = format_step(modify(NAMED), show_values=show_values)
        assert '"ClientSecret":"(secret shop/login-a1B2c3 key token, version v1)"' in shown
    assert "(secret shop/login-a1B2c3 key token, version v1)" in cli_command(modify(NAMED))


def test_it_goes_through_a_plan_as_it_is():
    params = modify(NAMED).params
    assert resolve(params, lambda ref: ref.name) == substitute(params, lambda ref: ref) == params
    change = Change("a", Address("listener_rule", "a"), Op.UPDATE, (), (modify(NAMED),), frozenset(), {})
    assert validate.problems([change]) == []
    other = modify(SecretValue(NAMED.arn, "v2", "token")).params
    assert digest(params) != digest(other)
