"""Log-ins of rules: as AWS tells them, and the calls that give and keep their secret."""

from typing import Any

import pytest
from balancing import RULE, balancer, group, id_of, listener, rule, zones
from faulty import apply_with
from issued import issue_certificate
from moto.elbv2 import elbv2_backends
from support import act, calls, client, differences, look, see, settle

from reconciler.model.references import Address, Ref
from reconciler.model.secret_value import SecretValue
from reconciler.model.spec import Live
from reconciler.model.steps import split_parts
from reconciler.resources.listener_rule import KIND, ListenerRule, from_aws
from reconciler.resources.listener_rule.auth import (
    CHANGING,
    SECRET_VERSION,
    Auth,
    Cognito,
    Oidc,
    Session,
    to_actions,
)
from reconciler.sandbox.elbv2.log_ins import fingerprint_of
from reconciler.sandbox.faults.answers import Fault

A = "arn:group/a"
IDP = "https://login.example.com"
OIDC = Oidc(
    issuer=IDP,
    authorization_endpoint=f"{IDP}/authorize",
    token_endpoint=f"{IDP}/token",
    user_info_endpoint=f"{IDP}/info",
    client_id="shop",
)
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI"
COGNITO = Cognito(user_pool=POOL, client_id="shop", domain="shop")
SECRET = SecretValue("arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/login-a1B2c3", "v1")
NEWER = SecretValue(SECRET.arn, "v2")
GROUP, OLD = Ref("target_group", "tg-api-dev"), Ref("target_group", "arn:old", by_id=True)
SERVICE = Address("ecs_service", "svc-api-dev")
TOLD = {  # as AWS tells a log-in: with its defaults, without the secret
    "Type": "authenticate-oidc",
    "Order": 1,
    "AuthenticateOidcConfig": {
        "Issuer": IDP,
        "AuthorizationEndpoint": f"{IDP}/authorize",
        "TokenEndpoint": f"{IDP}/token",
        "UserInfoEndpoint": f"{IDP}/info",
        "ClientId": "shop",
        "SessionCookieName": "AWSELBAuthSessionCookie",
        "Scope": "openid",
        "SessionTimeout": 604800,
        "OnUnauthenticatedRequest": "authenticate",
    },
}
FORWARD = {"Type": "forward", "TargetGroupArn": A, "Order": 2}


def told(*actions: dict[str, Any], **resource_tags: str) -> ListenerRule:
    answer = {"RuleArn": "arn:rule", "Priority": "7", "Conditions": [], "Actions": [*actions]}
    return from_aws("api", resource_tags, "arn:listener", answer)


def with_log_in(secret: SecretValue = SECRET, **fields: Any) -> ListenerRule:
    version = secret.version + (f":{secret.key}" if secret.key else "")
    return rule(**{"auth": OIDC, "client_secret": secret, "secret_version": version, **fields})


def live(weights: dict[Any, int] | None = None, **fields: Any) -> Live[ListenerRule]:
    spec = with_log_in(weights=weights or {GROUP: 1}, **{"client_secret": None, **fields})
    return Live(spec, {"id": "arn"})


def config(call: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    (log_in,) = (a for a in call[1]["Actions"] if a["Type"] == "authenticate-oidc")
    return dict(log_in["AuthenticateOidcConfig"])


def test_a_log_in_and_the_version_of_its_secret_become_fields():
    found = told(TOLD, FORWARD, **{SECRET_VERSION: "v1", "Team": "web"})
    assert (found.auth, found.secret_version, found.tags) == (OIDC, "v1", {"Team": "web"})
    assert (found.target_group.name, {g.name: w for g, w in found.weights.items()}) == (A, {A: 1})


def test_a_rule_without_a_log_in_says_so():
    assert told(FORWARD).auth == "none"


def test_a_log_in_at_cognito_becomes_a_field():
    session = Session(
        scope="openid email", cookie="C", timeout=60, on_unauthenticated="deny", extra_params={"a": "b"}
    )
    auth = COGNITO.model_copy(update={"session": session})
    assert told(*to_actions(auth, None), FORWARD).auth == auth


@pytest.mark.parametrize("auth", [OIDC, COGNITO])
def test_what_is_sent_is_what_is_told(auth: Auth):
    assert told(*to_actions(auth, SECRET), FORWARD).auth == auth


def test_another_action_before_the_forward_is_no_log_in_that_a_file_can_ask_for():
    found = told({"Type": "jwt-validation", "Order": 1, "JwtValidationConfig": {}}, FORWARD)
    assert (found.auth, found.target_group.name) == ("none", "jwt-validation, forward")
    found = told(*to_actions(OIDC, SECRET), *to_actions(COGNITO, None), FORWARD)
    assert (found.auth, found.target_group.name) == (OIDC, "authenticate-cognito, forward")


def test_a_new_rule_has_its_log_in_its_secret_and_its_tag_in_one_call():
    ((operation, params),) = calls(KIND.ensure(with_log_in(), None))
    assert operation == "create_rule"
    assert [(a["Type"], a["Order"]) for a in params["Actions"]] == [("authenticate-oidc", 1), ("forward", 2)]
    assert config((operation, params))["ClientSecret"] == SECRET
    assert {"Key": SECRET_VERSION, "Value": "v1"} in params["Tags"]


def test_before_another_version_is_sent_the_tag_says_so_as_the_run_may_be_killed():
    first, *_ = calls(KIND.ensure(with_log_in(NEWER), live()))
    assert (first[0], first[1]["Tags"]) == ("add_tags", [{"Key": SECRET_VERSION, "Value": CHANGING}])
    again = [name for name, _ in calls(KIND.ensure(with_log_in(), live(secret_version=CHANGING)))]
    assert again == ["modify_rule", "add_tags"]


def test_another_version_is_sent_and_then_the_tag_is_written():
    _, modified, tagged = calls(KIND.ensure(with_log_in(NEWER), live()))
    assert (modified[0], config(modified)["ClientSecret"]) == ("modify_rule", NEWER)
    assert tagged == (
        "add_tags",
        {"ResourceArns": [rule().ref()], "Tags": [{"Key": SECRET_VERSION, "Value": "v2"}]},
    )


def test_another_key_of_the_same_version_is_another_secret():
    key = SecretValue(SECRET.arn, "v1", "token")
    _, modified, tagged = calls(KIND.ensure(with_log_in(key), live()))
    assert config(modified)["ClientSecret"] == key
    assert tagged[1]["Tags"] == [{"Key": SECRET_VERSION, "Value": "v1:token"}]


@pytest.mark.parametrize(
    "before",
    [{"auth": "none"}, {"auth": OIDC.model_copy(update={"client_id": "other"})}, {"auth": COGNITO}],
    ids=["none", "another client", "cognito"],
)
def test_the_secret_is_sent_with_another_log_in_as_nobody_knows_which_one_is_there(before: dict[str, Any]):
    (modified,) = calls(KIND.ensure(with_log_in(), live(**before)))
    assert config(modified)["ClientSecret"] == SECRET


def test_a_change_of_the_conditions_alone_sends_no_actions():
    (modified,) = calls(KIND.ensure(with_log_in(paths=frozenset({"/new"})), live()))
    assert "Actions" not in modified[1]


def test_a_change_of_the_target_group_keeps_the_secret():
    (modified,) = calls(KIND.ensure(with_log_in(), live({OLD: 1}, target_group=OLD)))
    assert config(modified)["UseExistingClientSecret"] is True
    assert "ClientSecret" not in config(modified)


def parts(want: ListenerRule, was: Live[ListenerRule]) -> dict[str | None, list[Any]]:
    return {
        mark.what if mark else None: calls(found) for mark, found in split_parts(list(KIND.ensure(want, was)))
    }


def test_requests_that_move_step_by_step_are_logged_in_at_each_step():
    found = parts(with_log_in(served_by=SERVICE), live({OLD: 1}, target_group=OLD))
    assert list(found) == [None, "traffic", "other groups"]
    assert all(config(call)["UseExistingClientSecret"] for (call,) in found.values())


def test_a_move_with_another_version_sends_it_once_and_first():
    found = parts(with_log_in(NEWER, served_by=SERVICE), live({OLD: 1}, target_group=OLD))
    _, joined, tagged = found[None]
    assert (config(joined)["ClientSecret"], tagged[0]) == (NEWER, "add_tags")
    assert all(
        "ClientSecret" not in config(call) for what in ("traffic", "other groups") for call in found[what]
    )


def test_a_move_that_was_interrupted_sends_another_version_before_it_goes_on():
    found = parts(with_log_in(NEWER, served_by=SERVICE), live({OLD: 1, GROUP: 0}, target_group=OLD))
    _, joined, tagged = found[None]
    assert (config(joined)["ClientSecret"], tagged[0]) == (NEWER, "add_tags")


def test_what_takes_a_move_back_logs_in_as_well():
    steps = KIND.ensure(with_log_in(served_by=SERVICE), live({OLD: 1}, target_group=OLD))
    (back,) = (s.otherwise for s in steps if getattr(s, "what", "") == "traffic")
    (call,) = calls(back)
    assert config(call)["UseExistingClientSecret"] is True


def test_another_version_leaves_the_weights_as_they_are():
    was = live({GROUP: 1, OLD: 0}, idle_groups=frozenset({OLD}))
    first = parts(with_log_in(NEWER), was)[None][1]
    assert first[1]["Actions"][1]["ForwardConfig"]["TargetGroups"] == [
        {"TargetGroupArn": GROUP, "Weight": 1},
        {"TargetGroupArn": OLD, "Weight": 0},
    ]


def test_without_a_log_in_in_the_file_the_rule_loses_it():
    (modified,) = calls(KIND.ensure(rule(), live()))
    assert modified[1]["Actions"] == [{"Type": "forward", "TargetGroupArn": GROUP}]


def test_a_correction_gives_no_secret_to_a_log_in_that_somebody_has_changed():
    elsewhere = OIDC.model_copy(update={"token_endpoint": "https://evil.example"})
    wrong, right = with_log_in(auth=elsewhere), with_log_in(NEWER)
    assert KIND.correcting.never(wrong, right, "secret_version")
    assert not KIND.correcting.never(wrong, right, "auth")
    assert not KIND.correcting.never(with_log_in(), right, "secret_version")


# On the embedded AWS


@pytest.fixture
def front(aws: object) -> list[Any]:
    """Make an HTTPS listener and a target group, without rules."""
    secured = {
        "port": 443,
        "protocol": "HTTPS",
        "certificate": issue_certificate(client("acm"), client("route53"), "example.com"),
    }
    mine = [*zones(), balancer(), group(), listener(**secured)]
    settle(mine)
    return mine


def stored(text: str) -> SecretValue:
    """Return the present version of the secret, with this value."""
    secrets = client("secretsmanager")
    try:
        found = secrets.put_secret_value(SecretId="shop/login", SecretString=text)
    except secrets.exceptions.ResourceNotFoundException:
        found = secrets.create_secret(Name="shop/login", SecretString=text)
    return SecretValue(found["ARN"], found["VersionId"])


def given() -> str | None:
    """Return the fingerprint of the secret that the rule was given."""
    (found,) = elbv2_backends["123456789012"]["us-east-1"].describe_rules(None, [id_of(rule())])
    return found.client_secret


def test_made_then_nothing_to_do_then_another_version_then_gone(front: list[Any]):
    settle([*front, with_log_in(stored("one"))])
    assert given() == fingerprint_of("one")
    newer = with_log_in(stored("two"))
    assert differences(see([*front, newer])) == {f"listener_rule.{RULE}": ["secret_version"]}
    settle([*front, newer])
    assert given() == fingerprint_of("two")
    settle([], file=[*front, newer])
    assert look([*front, newer]) == []


def test_a_log_in_is_added_and_taken_away(front: list[Any]):
    settle([*front, rule()])
    settle([*front, with_log_in(stored("one"))])
    settle([*front, rule(auth=COGNITO)])
    settle([*front, rule()])
    assert given() is None


def without_log_in(found: dict[str, Any]) -> None:
    client("elbv2").modify_rule(RuleArn=found["RuleArn"], Actions=[{**found["Actions"][1], "Order": 1}])


def for_another_client(found: dict[str, Any]) -> None:
    log_in, forward = found["Actions"]
    told = {**log_in["AuthenticateOidcConfig"], "ClientId": "mine", "ClientSecret": "mine"}
    client("elbv2").modify_rule(
        RuleArn=found["RuleArn"], Actions=[{**log_in, "AuthenticateOidcConfig": told}, forward]
    )


def without_the_tag(found: dict[str, Any]) -> None:
    client("elbv2").remove_tags(ResourceArns=[found["RuleArn"]], TagKeys=[SECRET_VERSION])


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [(without_log_in, "auth"), (for_another_client, "auth"), (without_the_tag, "secret_version")],
)
def test_what_was_changed_by_hand_is_put_right(front: list[Any], by_hand: Any, field: str):
    mine = [*front, with_log_in(stored("one"))]
    settle(mine)
    by_hand(client("elbv2").describe_rules(RuleArns=[id_of(rule())])["Rules"][0])
    assert differences(see(mine)) == {f"listener_rule.{RULE}": [field]}
    settle(mine)
    assert given() == fingerprint_of("one")


def test_a_secret_that_is_gone_when_it_is_needed_fails_the_rule_and_nothing_else(front: list[Any]):
    source = stored("one")
    todo = see([*front, with_log_in(source)])
    client("secretsmanager").delete_secret(SecretId=source.arn, ForceDeleteWithoutRecovery=True)
    outcome = act(todo)
    assert [*outcome.failed] == [f"listener_rule.{RULE}"]


@pytest.mark.parametrize("fault", ["lost", "failed"])
@pytest.mark.parametrize("operation", ["GetSecretValue", "ModifyRule", "AddTags"])
def test_whatever_goes_wrong_at_another_version_the_rule_has_it_and_says_so(
    front: list[Any], operation: str, fault: Fault
):
    settle([*front, with_log_in(stored("one"))])
    mine = [*front, with_log_in(stored("two"))]
    outcome = apply_with(see(mine), operation, fault)
    assert not {**outcome.failed, **outcome.skipped, **outcome.held}
    assert given() == fingerprint_of("two")
    assert see(mine).changes == ()


@pytest.mark.parametrize("fault", ["lost", "failed"])
@pytest.mark.parametrize("operation", ["GetSecretValue", "CreateRule"])
def test_whatever_goes_wrong_at_a_new_rule_there_is_one_and_it_has_its_secret(
    front: list[Any], operation: str, fault: Fault
):
    mine = [*front, with_log_in(stored("one"))]
    outcome = apply_with(see(mine), operation, fault)
    assert not {**outcome.failed, **outcome.skipped, **outcome.held}
    assert given() == fingerprint_of("one")
    assert see(mine).changes == ()
