from typing import Any

import pytest
from balancing import BALANCER, LISTENER, NOT_FOUND, balancer, group, id_of, listener, rule, zones
from issued import issue_certificate
from scripted import ScriptedAws
from support import OURS, calls, client, differences, look, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.plan import Op
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.listener import (
    KIND,
    SSL_POLICY,
    FixedResponse,
    Listener,
    OtherAction,
    Redirect,
    from_aws,
)
from reconciler.resources.listener.default_action import from_actions
from reconciler.resources.listener.naming import name_listeners

pytestmark = pytest.mark.usefixtures("aws")
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a"
TO_HTTPS = Redirect(protocol="HTTPS", port="443")


@pytest.fixture
def front() -> list[Any]:
    """Make a load balancer without listeners."""
    mine = [*zones(), balancer()]
    settle(mine)
    return mine


def test_an_answer_becomes_a_spec():
    forward = {"Type": "forward", "TargetGroupArn": "arn:group"}
    answer = {
        "ListenerArn": "arn:listener",
        "LoadBalancerArn": "arn:balancer",
        "Port": 443,
        "Protocol": "HTTPS",
        "Certificates": [{"CertificateArn": CERTIFICATE}],
        "SslPolicy": SSL_POLICY,
        "DefaultActions": [forward],
    }
    assert from_aws("https", {"a": "b"}, answer) == Listener(
        name="https",
        tags={"a": "b"},
        load_balancer="arn:balancer",
        port=443,
        protocol="HTTPS",
        certificate=CERTIFICATE,
        trust_store="",
        ssl_policy=SSL_POLICY,
        default=OtherAction(type="forward"),
        forwards_to=frozenset({"arn:group"}),
    )


@pytest.mark.parametrize(
    ("answered", "default"),
    [
        (
            {"Type": "fixed-response", "Order": 1, "FixedResponseConfig": {"StatusCode": "404"}},
            FixedResponse(status=404, content_type="", body=""),
        ),
        (
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {
                    "StatusCode": "503",
                    "ContentType": "text/plain",
                    "MessageBody": "Later",
                },
            },
            FixedResponse(status=503, content_type="text/plain", body="Later"),
        ),
        (
            {
                "Type": "redirect",
                "Order": 1,
                "RedirectConfig": {
                    "Protocol": "HTTPS",
                    "Port": "443",
                    "Host": "#{host}",
                    "Path": "/#{path}",
                    "Query": "#{query}",
                    "StatusCode": "HTTP_301",
                },
            },
            TO_HTTPS,
        ),
        (
            {
                "Type": "redirect",
                "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
            },
            TO_HTTPS,
        ),
        (  # an empty query, which AWS may leave out
            {
                "Type": "redirect",
                "RedirectConfig": {
                    "Protocol": "HTTPS",
                    "Port": "443",
                    "Host": "#{host}",
                    "Path": "/",
                    "StatusCode": "HTTP_301",
                },
            },
            Redirect(protocol="HTTPS", port="443", path="/", query=""),
        ),
        ({"Type": "forward", "TargetGroupArn": "arn"}, OtherAction(type="forward")),
    ],
)
def test_an_action_has_one_form(answered: dict[str, Any], default: object):
    assert from_actions([answered]) == default


def test_actions_are_named_in_their_order():
    first = {"Type": "authenticate-oidc", "Order": 1}
    assert from_actions([{"Type": "forward", "Order": 2}, first]) == OtherAction(
        type="authenticate-oidc, forward"
    )


def test_a_new_one_has_all_its_fields_in_the_call_that_makes_it():
    assert calls(KIND.ensure(listener(), None)) == [
        (
            "create_listener",
            {
                "LoadBalancerArn": Ref("load_balancer", "alb-dev"),
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [
                    {
                        "Type": "fixed-response",
                        "FixedResponseConfig": {
                            "StatusCode": "404",
                            "ContentType": "text/plain",
                            "MessageBody": "Not Found",
                        },
                    }
                ],
                "Tags": [{"Key": k, "Value": v} for k, v in sorted(listener().tags.items())],
            },
        )
    ]


def test_from_http_to_https_certificate_and_policy_come_at_once():
    secure = listener(protocol="HTTPS", certificate=CERTIFICATE, default=TO_HTTPS)
    live = Live(listener(default=TO_HTTPS), {"id": "arn"})
    assert calls(KIND.ensure(secure, live)) == [
        (
            "modify_listener",
            {
                "ListenerArn": listener().ref(),
                "Protocol": "HTTPS",
                "Certificates": [{"CertificateArn": Ref("certificate", CERTIFICATE, by_id=True)}],
                "SslPolicy": SSL_POLICY,
            },
        )
    ]


def test_another_certificate_leaves_the_policy_as_it_is():
    live = Live(listener(protocol="HTTPS", certificate="arn:old", ssl_policy="old"), {"id": "arn"})
    ((_, params),) = calls(KIND.ensure(listener(protocol="HTTPS", certificate=CERTIFICATE), live))
    assert params.keys() == {"ListenerArn", "Protocol", "Certificates"}


def test_made_then_nothing_to_do_then_gone(front: list[Any]):
    settle([*front, listener()])
    settle([], file=[*front, listener()])
    assert look([*front, listener()]) == []


def test_it_can_be_secure_and_redirect(front: list[Any]):
    certificate = issue_certificate(client("acm"), client("route53"), "shop.example")
    secure = listener("alb-dev-https", port=443, protocol="HTTPS", certificate=certificate)
    settle([*front, listener(default=TO_HTTPS), secure])
    secured = client("elbv2").describe_listeners(ListenerArns=[id_of(secure)])["Listeners"][0]
    assert secured["SslPolicy"] == SSL_POLICY


def _modify(**params: object) -> None:
    client("elbv2").modify_listener(ListenerArn=id_of(listener()), **params)


def _forward() -> None:
    vpc = id_of(zones()[0])
    made = client("elbv2").create_target_group(Name="x", VpcId=vpc, Port=80, Protocol="HTTP")
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    _modify(DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}])


def _secure() -> None:
    certificate = issue_certificate(client("acm"), client("route53"), "shop.example")
    _modify(Protocol="HTTPS", Certificates=[{"CertificateArn": certificate}], SslPolicy=SSL_POLICY)


def _answer(**config: str) -> None:
    given = {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "Not Found"} | config
    _modify(DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": given}])


def _without_a_name() -> None:
    client("elbv2").remove_tags(ResourceArns=[id_of(listener())], TagKeys=[NAME])


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        (lambda: _modify(Port=8080), "port"),
        (_secure, "protocol"),
        (lambda: _answer(StatusCode="503"), "default"),
        (lambda: _answer(ContentType="text/html"), "default"),
        (lambda: _answer(MessageBody="Gone"), "default"),
        (_forward, "default"),
        (_without_a_name, "tags"),
    ],
)
def test_what_was_changed_by_hand_is_put_right(front: list[Any], by_hand: Any, field: str):
    settle([*front, listener()])
    by_hand()
    assert differences(see([*front, listener()])) == {f"listener.{LISTENER}": [field]}
    assert settle([*front, listener()]) == [f"update listener.{LISTENER}"]


def test_another_certificate_or_policy_is_put_right(front: list[Any]):
    acm, route53 = client("acm"), client("route53")
    first, second = (issue_certificate(acm, route53, f"{name}.example") for name in "ab")
    policy = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    mine = [*front, listener(protocol="HTTPS", certificate=first, ssl_policy=policy)]
    settle(mine)
    _modify(Certificates=[{"CertificateArn": second}], SslPolicy=SSL_POLICY)
    assert differences(see(mine)) == {f"listener.{LISTENER}": ["certificate", "ssl_policy"]}
    settle(mine)


def test_a_new_name_for_a_port_is_a_new_tag(front: list[Any]):
    settle([*front, group(), listener(), rule()])
    renamed, moved = listener("alb-dev-web"), rule(listener=Ref("listener", "alb-dev-web"))
    assert settle([*front, group(), renamed, moved]) == ["update listener.alb-dev-web"]


def test_the_rules_of_a_renamed_listener_stay_and_take_the_new_name(front: list[Any]):
    settle([*front, group(), listener(), rule()])
    renamed, same = listener("alb-dev-web"), rule("alb-dev-web-api", listener=Ref("listener", "alb-dev-web"))
    changes = [f"update {name}" for name in ("listener.alb-dev-web", "listener_rule.alb-dev-web-api")]
    assert settle([*front, group(), renamed, same]) == changes


def test_listeners_that_exchange_their_ports_exchange_their_names(front: list[Any]):
    """The ports can only be changed one after the other, and each is taken by the other listener."""
    http, admin = listener(), listener("alb-dev-admin", port=81)
    settle([*front, http, admin])
    swapped = listener(port=81), listener("alb-dev-admin", port=80)
    assert settle([*front, *swapped]) == [f"update {spec.address}" for spec in reversed(swapped)]


def test_a_listener_whose_port_another_one_takes_is_made_anew_and_its_rules_move(front: list[Any]):
    """Clients find the port open at every moment."""
    settle([*front, group(), listener(), rule()])
    redirect = listener("alb-dev-plain", default=Redirect(port="81"))
    mine = [*front, group(), listener(port=81), redirect, rule()]
    todo = see(mine)
    assert [(str(c.address), c.op) for c in todo.changes if c.want] == [
        ("listener.alb-dev-http", Op.CREATE),
        ("listener.alb-dev-plain", Op.UPDATE),
        ("listener_rule.alb-dev-http-api", Op.CREATE),
    ]
    settle(mine)


def test_one_whose_name_the_listener_at_its_port_has_is_called_by_its_own_port():
    """The tags of two of ours have one name: that at the port of the file is it, and the other one leaves."""
    arns = ("arn:first", "arn:second")
    tagged = [{"Key": STACK, "Value": OURS.name}, {"Key": NAME, "Value": LISTENER}]
    aws = ScriptedAws(
        describe_load_balancers={
            "LoadBalancers": [{"LoadBalancerArn": "arn:lb", "LoadBalancerName": BALANCER}]
        },
        describe_listeners={
            "Listeners": [
                {"ListenerArn": arn, "LoadBalancerArn": "arn:lb", "Port": port}
                for arn, port in zip(arns, (80, 81), strict=True)
            ]
        },
        describe_tags={"TagDescriptions": [{"ResourceArn": arn, "Tags": tagged} for arn in ("arn:lb", *arns)]},
    )
    for port, own in ((80, arns[0]), (81, arns[1])):
        with open_reads(aws, OURS, [balancer(), listener(port=port)]) as reads:  # type: ignore[arg-type]
            names = name_listeners(reads)
        assert {arn for arn, name in names.items() if name == LISTENER} == {own}


def test_only_one_can_be_at_a_port_of_a_load_balancer():
    clashes, elsewhere = KIND.relations.clashes, Ref("load_balancer", "alb-other")
    assert clashes
    assert clashes(listener("old"), listener("new"))
    assert not clashes(listener("old"), listener("new", port=81))
    assert not clashes(listener("old"), listener("new", load_balancer=elsewhere))


def test_an_untagged_one_on_the_port_is_in_the_way(front: list[Any]):
    settle([*front, listener()])
    client("elbv2").remove_tags(ResourceArns=[id_of(listener())], TagKeys=[STACK, NAME])
    (conflict,) = see([*front, listener()]).conflicts
    assert str(conflict.address) == f"listener.{LISTENER}"


def test_one_on_another_port_is_reported_and_left(front: list[Any]):
    client("elbv2").create_listener(
        LoadBalancerArn=id_of(balancer()),
        Port=8443,
        Protocol="HTTP",
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )
    todo = see([*front, listener()])
    assert [c.address.name for c in todo.changes] == [LISTENER]
    assert [live.spec.port for live in todo.foreign] == [8443]


def test_what_it_cannot_be_given_is_refused():
    with pytest.raises(ValueError, match="forward"):
        list(KIND.ensure(listener(default=OtherAction(type="forward")), None))


def test_nothing_of_it_differs_from_itself():
    assert calls(KIND.ensure(listener(), Live(listener(), {"id": "arn"}))) == []
    assert listener().default == NOT_FOUND
