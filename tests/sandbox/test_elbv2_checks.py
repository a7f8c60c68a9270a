"""What ELBv2 refuses of single values (ValidationError, unless said otherwise), each in one world for many."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from makers import NOT_FOUND, client_of, forward, make_group
from refusals.balancing import CONDITIONS, Stage, attribute, redirect

Params = Mapping[str, Any]
INVALID, CONFIG, ACTION = "ValidationError", "InvalidConfigurationRequest", "InvalidLoadBalancerAction"


@cache
def _unchecked() -> Any:
    """Return a client that leaves all checks to AWS."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    settings = Config(parameter_validation=False)
    return boto3.Session().client("elbv2", region_name="us-east-1", config=settings, **keys)


@pytest.fixture
def stage(aws: object) -> Stage:
    made = Stage()
    made.elb = _unchecked()
    return made


def refusals(call: Any, cases: list[tuple[Params, str]], always: Params) -> Iterator[str]:
    """Yield each case that is not refused with its code, in words."""
    for params, code in cases:
        try:
            call(**{**always, **params})
        except ClientError as refused:
            found = refused.response["Error"]["Code"]
        else:
            found = "no refusal"
        if found != code:
            yield f"{params}: {found}, not {code}"


def check(**fields: Any) -> dict[str, Any]:
    return {f"HealthCheck{name}": value for name, value in fields.items()}


TARGET_GROUPS: list[tuple[Params, str]] = [
    (check(IntervalSeconds=4), INVALID),
    (check(IntervalSeconds=301), INVALID),
    (check(TimeoutSeconds=1), INVALID),
    (check(TimeoutSeconds=121), INVALID),
    (check(IntervalSeconds=10, TimeoutSeconds=10), INVALID),
    (check(IntervalSeconds=5), INVALID),
    (check(TimeoutSeconds=30), INVALID),
    ({"HealthyThresholdCount": 1}, INVALID),
    ({"HealthyThresholdCount": 11}, INVALID),
    ({"UnhealthyThresholdCount": 11}, INVALID),
    (check(Path="health"), INVALID),
    (check(Path="/" + "a" * 1024), INVALID),
    (check(Port="0"), INVALID),
    (check(Port="http"), INVALID),
    (check(Protocol="TCP"), CONFIG),
    (check(Protocol="TLS"), CONFIG),
    (check(Protocol="FTP"), INVALID),
    (check(Enabled=False), CONFIG),
    ({"Matcher": {"HttpCode": "199"}}, INVALID),
    ({"Matcher": {"HttpCode": "200-500"}}, INVALID),
    ({"Matcher": {"HttpCode": "2xx"}}, INVALID),
    ({"Matcher": {"HttpCode": ""}}, INVALID),
    ({"Matcher": {"HttpCode": "299-200"}}, INVALID),
    ({"Matcher": {"GrpcCode": "12"}}, CONFIG),
    ({"ProtocolVersion": "HTTP3"}, INVALID),
    ({"ProtocolVersion": "GRPC", "Matcher": {"GrpcCode": "100"}}, INVALID),
    ({"ProtocolVersion": "GRPC", "Matcher": {"HttpCode": "200"}}, CONFIG),
    ({"Protocol": "TCP", "ProtocolVersion": "HTTP1"}, CONFIG),
    ({"Protocol": "TCP", **check(Path="/")}, CONFIG),
    ({"Protocol": "TCP", "Matcher": {"HttpCode": "200"}}, CONFIG),
    ({"Protocol": "GENEVE"}, CONFIG),
    ({"Protocol": "FTP"}, INVALID),
    ({"Port": 0}, INVALID),
    ({"Port": 65_536}, INVALID),
    ({"VpcId": "vpc-0123456789abcdef0"}, INVALID),
    ({"TargetType": "pod"}, INVALID),
    ({"TargetType": "lambda"}, INVALID),
    ({"TargetType": "alb"}, CONFIG),
    ({"Name": "a" * 33}, INVALID),
    ({"Name": "-a"}, INVALID),
    ({"Name": "a_b"}, INVALID),
    ({"Tags": [{"Key": "aws:x", "Value": ""}]}, INVALID),
]


def test_target_groups_are_refused_for(stage: Stage) -> None:
    assert [*refusals(stage.elb.create_target_group, TARGET_GROUPS, stage.new_group())] == []
    for field in ("Protocol", "Port", "VpcId"):
        lacking = {key: value for key, value in stage.new_group().items() if key != field}
        assert [*refusals(stage.elb.create_target_group, [({}, INVALID)], lacking)] == []


def test_a_changed_health_check_is_refused_for_the_same(stage: Stage) -> None:
    names = ("HealthCheck", "Healthy", "Unhealthy", "Matcher")
    cases = [(p, code) for p, code in TARGET_GROUPS if all(name.startswith(names) for name in p)]
    assert len(cases) > 20
    arn = {"TargetGroupArn": stage.group()}
    assert [*refusals(stage.elb.modify_target_group, cases, arn)] == []
    assert [*refusals(stage.elb.modify_target_group, [(check(TimeoutSeconds=30), INVALID)], arn)] == []


DELAY = "deregistration_delay.timeout_seconds"
GROUP_ATTRIBUTES: list[tuple[Params, str]] = [
    ({"Attributes": [pair for key, value in pairs.items() for pair in attribute(key, value)]}, code)
    for pairs, code in (
        ({DELAY: "3601"}, INVALID),
        ({DELAY: "-1"}, INVALID),
        ({DELAY: "soon"}, INVALID),
        ({DELAY: ""}, INVALID),
        ({"slow_start.duration_seconds": "29"}, INVALID),
        ({"slow_start.duration_seconds": "901"}, INVALID),
        ({"stickiness.lb_cookie.duration_seconds": "0"}, INVALID),
        ({"stickiness.lb_cookie.duration_seconds": "604801"}, INVALID),
        ({"stickiness.enabled": "yes"}, INVALID),
        ({"stickiness.type": "source_ip"}, CONFIG),
        ({"stickiness.type": "app_cookie"}, CONFIG),
        ({"load_balancing.algorithm.type": "random"}, INVALID),
        ({"load_balancing.algorithm.anomaly_mitigation": "on"}, CONFIG),
        (
            {
                "slow_start.duration_seconds": "30",
                "load_balancing.algorithm.type": "least_outstanding_requests",
            },
            CONFIG,
        ),
        ({"preserve_client_ip.enabled": "true"}, INVALID),
        ({"no.such": "1"}, INVALID),
    )
]


def test_attributes_of_a_target_group_are_refused_for(stage: Stage) -> None:
    arn = {"TargetGroupArn": stage.group()}
    before = stage.elb.describe_target_group_attributes(**arn)["Attributes"]
    assert [*refusals(stage.elb.modify_target_group_attributes, GROUP_ATTRIBUTES, arn)] == []
    both = {"Attributes": [*attribute(DELAY, "5"), *attribute("no.such", "1")]}
    assert [*refusals(stage.elb.modify_target_group_attributes, [(both, INVALID)], arn)] == []
    assert stage.elb.describe_target_group_attributes(**arn)["Attributes"] == before


BALANCER_ATTRIBUTES: list[tuple[Params, str]] = [
    ({"Attributes": attribute(key, value)}, code)
    for key, value, code in (
        ("idle_timeout.timeout_seconds", "0", INVALID),
        ("idle_timeout.timeout_seconds", "4001", INVALID),
        ("client_keep_alive.seconds", "59", INVALID),
        ("client_keep_alive.seconds", "604801", INVALID),
        ("deletion_protection.enabled", "", INVALID),
        ("deletion_protection.enabled", "maybe", INVALID),
        ("routing.http.desync_mitigation_mode", "off", INVALID),
        ("load_balancing.cross_zone.enabled", "false", CONFIG),
        ("ipv6.deny_all_igw_traffic", "true", CONFIG),
        ("dns_record.client_routing_policy", "any_availability_zone", CONFIG),
        ("access_logs.s3.enabled", "true", CONFIG),
        ("no.such", "1", INVALID),
    )
]


def test_attributes_of_a_load_balancer_are_refused_for(stage: Stage) -> None:
    arn = {"LoadBalancerArn": stage.alb}
    many = {"Attributes": [pair for n in range(21) for pair in attribute(f"a{n}", "1")]}
    logs = attribute("access_logs.s3.enabled", "true") + attribute("access_logs.s3.bucket", "no-such-bucket")
    cases = [*BALANCER_ATTRIBUTES, (many, INVALID), ({"Attributes": logs}, CONFIG)]
    assert [*refusals(stage.elb.modify_load_balancer_attributes, cases, arn)] == []


def condition(field: str, **config: Any) -> Params:
    name = "".join(word.title() for word in field.split("-")) + "Config"
    return {"Conditions": [{"Field": field, name: config}]}


RULES: list[tuple[Params, str]] = [
    ({"Priority": 0}, INVALID),
    ({"Priority": 50_001}, INVALID),
    ({"Conditions": CONDITIONS * 2}, INVALID),
    ({"Conditions": [{"Field": "cookie", "Values": ["a"]}]}, INVALID),
    ({"Conditions": [{"Field": "path-pattern", "Values": ["/a", "/b"]}]}, INVALID),
    ({"Conditions": [{"Field": "path-pattern", "Values": []}]}, INVALID),
    ({"Conditions": [{"Field": "path-pattern", "HostHeaderConfig": {"Values": ["a.example"]}}]}, INVALID),
    (condition("path-pattern", Values=["/" + "a" * 128]), INVALID),
    (condition("path-pattern", Values=["/a b"]), INVALID),
    (condition("path-pattern", Values=["/%41"]), INVALID),
    (condition("path-pattern", Values=[f"/{n}" for n in range(6)]), INVALID),
    (condition("path-pattern", Values=["/*/*/*/*/*/*/*"]), INVALID),
    (condition("host-header", Values=["localhost"]), INVALID),
    (condition("host-header", Values=["a.example1"]), INVALID),
    (condition("host-header", Values=["a_b.example"]), INVALID),
    (condition("http-header", HttpHeaderName="Host", Values=["a"]), INVALID),
    (condition("http-header", HttpHeaderName="X*", Values=["a" * 129]), INVALID),
    (condition("http-header", HttpHeaderName="X" * 41, Values=["a"]), INVALID),
    (condition("http-request-method", Values=["get"]), INVALID),
    (condition("http-request-method", Values=["GET,POST"]), INVALID),
    (condition("query-string", Values=[{"Key": "a"}]), INVALID),
    (condition("query-string", Values=[{"Key": "a" * 129, "Value": "1"}]), INVALID),
    (condition("source-ip", Values=["10.0.0.1"]), INVALID),
    (condition("source-ip", Values=["10.0.0.0/33"]), INVALID),
    ({"Transforms": [{"Type": "url-rewrite"}]}, INVALID),
    (
        {
            "Transforms": [
                {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "(", "Replace": "/"}]}}
            ]
        },
        INVALID,
    ),
]


def test_rules_are_refused_for(stage: Stage) -> None:
    rule = stage.new_rule()
    assert [*refusals(stage.elb.create_rule, RULES, rule)] == []
    assert len(stage.elb.describe_rules(ListenerArn=rule["ListenerArn"])["Rules"]) == 1


def response(**config: str) -> list[Any]:
    return [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", **config}}]


OIDC = {
    "Issuer": "https://a.example",
    "AuthorizationEndpoint": "https://a.example/a",
    "TokenEndpoint": "https://a.example/t",
    "UserInfoEndpoint": "https://a.example/u",
    "ClientId": "me",
    "ClientSecret": "secret",
}
LOGIN = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": OIDC, "Order": 1}
LAST = {**NOT_FOUND[0], "Order": 2}
ACTIONS: list[tuple[Any, str]] = [
    (response(StatusCode="301"), INVALID),
    (response(StatusCode="abc"), INVALID),
    (response(ContentType="image/png"), ACTION),
    (response(MessageBody="a" * 1025), INVALID),
    ([{"Type": "fixed-response"}], ACTION),
    ([{"Type": "redirect"}], ACTION),
    ([{"Type": "forward"}], ACTION),
    ([{"Type": "drop"}], INVALID),
    (redirect(), ACTION),
    (redirect(Port="0"), ACTION),
    (redirect(Protocol="FTP"), INVALID),
    (redirect(Path="a"), ACTION),
    (redirect(StatusCode="HTTP_307"), INVALID),
    ([LOGIN, LAST], ACTION),
    ([LOGIN], ACTION),
    ([NOT_FOUND[0], NOT_FOUND[0]], ACTION),
    ([{**NOT_FOUND[0], "Order": 1}, LAST], ACTION),
    ([{**NOT_FOUND[0], "Order": 50_001}], INVALID),
]


def test_actions_are_refused_for(stage: Stage) -> None:
    rule, listener = stage.new_rule(), stage.new_listener()
    assert [*refusals(stage.elb.create_rule, [({"Actions": a}, c) for a, c in ACTIONS], rule)] == []
    cases = [({"DefaultActions": a}, c) for a, c in ACTIONS]
    assert [*refusals(stage.elb.create_listener, cases, listener)] == []
    secure = stage.new_secure(DefaultActions=redirect(Protocol="HTTP"))
    assert [*refusals(stage.elb.create_listener, [({}, ACTION)], secure)] == []


def test_a_login_comes_before_the_action_and_its_secret_is_not_told(stage: Stage) -> None:
    made = stage.elb.create_listener(**stage.new_secure(DefaultActions=[LAST, LOGIN]))["Listeners"][0]
    assert [action["Type"] for action in made["DefaultActions"]] == ["authenticate-oidc", "fixed-response"]
    told = made["DefaultActions"][0]["AuthenticateOidcConfig"]
    assert "ClientSecret" not in told
    assert told["OnUnauthenticatedRequest"] == "authenticate"


def test_forwards_are_refused_for(stage: Stage) -> None:
    one, two = stage.group("one"), stage.group("two")

    def to(*groups: Params, **stickiness: Any) -> Params:
        config = {"TargetGroups": list(groups), "TargetGroupStickinessConfig": stickiness}
        return {"DefaultActions": [{"Type": "forward", "ForwardConfig": config}]}

    tuples = {"TargetGroupArn": one}, {"TargetGroupArn": two}
    other_vpc = stage.elb.create_target_group(**stage.new_group(VpcId=_other_vpc(), Name="far"))[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    mismatch = {**to(*tuples)["DefaultActions"][0], "TargetGroupArn": one}
    cases = [
        (to({**tuples[0], "Weight": 1000}, tuples[1]), INVALID),
        (to(tuples[0], tuples[0]), ACTION),
        (to(*tuples, Enabled=True), INVALID),
        (to(*tuples, Enabled=True, DurationSeconds=604_801), INVALID),
        ({"DefaultActions": [mismatch]}, ACTION),
        ({"DefaultActions": forward(other_vpc)}, CONFIG),
    ]
    assert [*refusals(stage.elb.create_listener, cases, stage.new_listener())] == []


def _other_vpc() -> str:
    return str(client_of("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


LISTENERS: list[tuple[Params, str]] = [
    ({"Port": 0}, INVALID),
    ({"Port": 65_536}, INVALID),
    ({"Protocol": "TCP"}, INVALID),
    ({"Protocol": "FTP"}, INVALID),
    ({"SslPolicy": "ELBSecurityPolicy-2016-08"}, INVALID),
    ({"Protocol": "HTTPS"}, INVALID),
    ({"Protocol": "HTTPS", "Certificates": [{"CertificateArn": "none"}]}, INVALID),
    ({"MutualAuthentication": {"Mode": "off"}}, CONFIG),
    ({"LoadBalancerArn": "alb"}, INVALID),
]


def test_listeners_are_refused_for(stage: Stage) -> None:
    secure = stage.new_secure()
    plain, two = {"Certificates": secure["Certificates"]}, {"Certificates": secure["Certificates"] * 2}
    cases = [*LISTENERS, (plain, INVALID), ({**two, "Protocol": "HTTPS"}, INVALID)]
    assert [*refusals(stage.elb.create_listener, cases, stage.new_listener())] == []
    listener = {"ListenerArn": stage.listener()}
    cases = [({"Protocol": "HTTPS"}, INVALID), ({"Protocol": "HTTPS", **plain}, INVALID)]
    assert [*refusals(stage.elb.modify_listener, cases, listener)] == []


def test_targets_are_refused_for(stage: Stage) -> None:
    group = {"TargetGroupArn": stage.group()}
    cases = [
        ({"Targets": [{"Id": target, **other}]}, INVALID)
        for target, other in (
            ("172.16.0.1", {}),
            ("8.8.8.8", {"AvailabilityZone": "all"}),
            ("10.0.0.9", {"AvailabilityZone": "all"}),
            ("10.0.0.9", {"Port": 65_536}),
            ("i-0123456789abcdef0", {}),
        )
    ]
    assert [*refusals(stage.elb.register_targets, cases, group)] == []
    stage.elb.register_targets(**group, Targets=[{"Id": "172.16.0.1", "AvailabilityZone": "all"}])


def test_load_balancers_are_refused_for(stage: Stage) -> None:
    subnets = stage.network.subnets
    cases = [
        ({"Scheme": "public"}, INVALID),
        ({"Type": "classic"}, INVALID),
        ({"Type": "gateway"}, INVALID),
        ({"IpAddressType": "ipv6"}, INVALID),
        ({"SubnetMappings": [{"SubnetId": subnets[0]}]}, INVALID),
        ({"Subnets": []}, INVALID),
        ({"Subnets": [subnets[0], subnets[0]]}, CONFIG),
        ({"Name": "a_b"}, INVALID),
        ({"Tags": [{"Key": "AWS:x", "Value": ""}]}, INVALID),
    ]
    assert [*refusals(stage.elb.create_load_balancer, cases, stage.new_balancer())] == []


def test_reads_name_things_in_one_way(stage: Stage) -> None:
    group, listener = make_group(stage.elb, stage.network), stage.listener()
    elb, names = stage.elb, {"Names": ["alb"]}
    assert [*refusals(elb.describe_load_balancers, [({"LoadBalancerArns": [stage.alb]}, INVALID)], names)] == []
    assert [*refusals(elb.describe_target_groups, [({"TargetGroupArns": [group]}, INVALID)], names)] == []
    both = {"ListenerArns": [listener], "LoadBalancerArn": stage.alb}
    assert [*refusals(elb.describe_listeners, [(both, INVALID), ({}, INVALID)], {})] == []
    pages = [({"PageSize": 0}, INVALID), ({"PageSize": 401}, INVALID), ({"Marker": "none"}, INVALID)]
    assert [
        *refusals(elb.describe_load_balancers, [*pages, ({"LoadBalancerArns": ["alb"]}, INVALID)], {})
    ] == []
    assert [*refusals(elb.describe_rules, [({"RuleArns": ["rule"]}, INVALID)], {})] == []
