"""Log-ins of rules on the embedded AWS: what is refused, and a secret that is kept and never told."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import NOT_FOUND, client_of
from refusals.balancing import Stage

from reconciler.sandbox.elbv2.log_ins import fingerprint_of, take_secret

IDP = "https://a.example"
OIDC = {
    "Issuer": IDP,
    "AuthorizationEndpoint": f"{IDP}/a",
    "TokenEndpoint": f"{IDP}/t",
    "UserInfoEndpoint": f"{IDP}/u",
    "ClientId": "me",
}
SECRET, KEEPS = {"ClientSecret": "hunter2"}, {"UseExistingClientSecret": True}
LAST = {**NOT_FOUND[0], "Order": 2}


@pytest.fixture
def stage(aws: object) -> Stage:
    return Stage()


def log_in(**config: Any) -> list[dict[str, Any]]:
    return [{"Type": "authenticate-oidc", "AuthenticateOidcConfig": {**OIDC, **config}, "Order": 1}, LAST]


def rule(stage: Stage, **config: Any) -> str:
    new = {**stage.new_rule(), "ListenerArn": stage.secure(), "Actions": log_in(**config)}
    return str(stage.elb.create_rule(**new)["Rules"][0]["RuleArn"])


BAD = [
    {},
    KEEPS,
    {**SECRET, **KEEPS},
    {**SECRET, "TokenEndpoint": "http://a.example/t"},
    {**SECRET, "Issuer": "a.example"},
    {**SECRET, "SessionTimeout": 604_801},
    {**SECRET, "OnUnauthenticatedRequest": "ignore"},
    {**SECRET, "AuthenticationRequestExtraParams": {str(n): "x" for n in range(11)}},
]


@pytest.mark.parametrize("config", BAD)
def test_a_new_rule_is_refused_for(stage: Stage, config: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as told:
        rule(stage, **config)
    assert told.value.response["Error"]["Code"] in ("InvalidLoadBalancerAction", "ValidationError")


def test_a_secret_is_kept_by_whoever_says_so_and_lost_with_the_log_in(stage: Stage) -> None:
    arn = rule(stage, **SECRET)
    for actions in (log_in(**KEEPS, Scope="openid email"), log_in(ClientSecret="other"), [NOT_FOUND[0]]):
        stage.elb.modify_rule(RuleArn=arn, Actions=actions)
    with pytest.raises(ClientError, match="no existing client secret"):
        stage.elb.modify_rule(RuleArn=arn, Actions=log_in(**KEEPS))


def test_it_is_told_by_neither_answer(stage: Stage) -> None:
    arn = rule(stage, **SECRET)
    answers = [
        stage.elb.modify_rule(RuleArn=arn, Actions=log_in(**KEEPS)),
        stage.elb.describe_rules(RuleArns=[arn]),
    ]
    for answer in answers:
        told = answer["Rules"][0]["Actions"][0]["AuthenticateOidcConfig"]
        assert told.keys() == {
            *OIDC,
            "SessionCookieName",
            "Scope",
            "SessionTimeout",
            "OnUnauthenticatedRequest",
        }


def test_of_what_is_kept_the_secret_is_not_read() -> None:
    kept = take_secret(log_in(**SECRET), None)
    assert kept == fingerprint_of("hunter2")
    assert take_secret(log_in(**KEEPS), kept) == kept
    assert take_secret([LAST], kept) is None


def test_the_trail_hides_it(stage: Stage) -> None:
    rule(stage, **SECRET)
    events = client_of("cloudtrail").lookup_events(MaxResults=50)["Events"]
    (made,) = (event["CloudTrailEvent"] for event in events if event["EventName"] == "CreateRule")
    assert '"clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"' in made
    assert "hunter2" not in made


def test_a_log_in_at_cognito_has_no_secret(stage: Stage) -> None:
    config = {"UserPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_A"}
    config |= {"UserPoolClientId": "me", "UserPoolDomain": "shop"}
    first = {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": config, "Order": 1}
    new = {**stage.new_rule(), "ListenerArn": stage.secure(), "Actions": [first, LAST]}
    (made,) = stage.elb.create_rule(**new)["Rules"]
    assert made["Actions"][0]["AuthenticateCognitoConfig"] == {
        **config,
        "SessionCookieName": "AWSELBAuthSessionCookie",
        "Scope": "openid",
        "SessionTimeout": 604_800,
        "OnUnauthenticatedRequest": "authenticate",
    }
