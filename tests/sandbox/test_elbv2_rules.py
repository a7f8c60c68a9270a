"""Defaults and read-backs of ELBv2 as they were recorded on AWS in 2026."""

from typing import Any

import pytest
from makers import NOT_FOUND, client_of, forward
from refusals.balancing import Stage, attribute


@pytest.fixture
def stage(aws: object) -> Stage:
    return Stage()


def pairs(answer: dict[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in answer["Attributes"]}


CHECKS: list[tuple[dict[str, Any], tuple[Any, ...]]] = [  # protocol, path, interval, timeout, matcher
    ({}, ("HTTP", "/", 30, 5, {"HttpCode": "200"})),
    ({"Protocol": "HTTPS"}, ("HTTPS", "/", 30, 5, {"HttpCode": "200"})),
    ({"ProtocolVersion": "GRPC"}, ("HTTP", "/AWS.ALB/healthcheck", 30, 5, {"GrpcCode": "12"})),
    ({"Protocol": "TCP"}, ("TCP", None, 30, 10, None)),
    ({"Protocol": "UDP"}, ("TCP", None, 30, 10, None)),
    ({"Protocol": "TCP", "TargetType": "alb"}, ("HTTP", "/", 30, 6, {"HttpCode": "200-399"})),
    (
        {"Protocol": None, "Port": None, "VpcId": None, "TargetType": "lambda"},
        (None, "/", 35, 30, {"HttpCode": "200"}),
    ),
]


def test_each_kind_of_target_group_has_its_health_check(stage):
    fields = ("Protocol", "Path", "IntervalSeconds", "TimeoutSeconds")
    for number, (settings, wanted) in enumerate(CHECKS):
        sent = {k: v for k, v in stage.new_group(**settings, Name=f"g{number}").items() if v is not None}
        for _ in range(2):  # an identical create answers with the first
            (made,) = stage.elb.create_target_group(**sent)["TargetGroups"]
        told = (*(made.get(f"HealthCheck{field}") for field in fields), made.get("Matcher"))
        assert told == wanted
        assert (made["HealthyThresholdCount"], made["UnhealthyThresholdCount"]) == (5, 2)
    assert len(stage.elb.describe_target_groups()["TargetGroups"]) == len(CHECKS)


def test_a_check_that_changes_to_tcp_has_no_path(stage):
    group = stage.group(Protocol="TCP", HealthCheckProtocol="HTTP", HealthCheckPath="/up")
    changed = stage.elb.modify_target_group(TargetGroupArn=group, HealthCheckProtocol="TCP")["TargetGroups"][0]
    assert "HealthCheckPath" not in changed
    assert "Matcher" not in changed


def test_attributes_are_complete(stage):
    balancer = stage.elb.describe_load_balancer_attributes(LoadBalancerArn=stage.alb)
    assert len(pairs(balancer)) == 22
    plain = pairs(stage.elb.describe_listener_attributes(ListenerArn=stage.listener()))
    assert (len(plain), plain["routing.http.response.server.enabled"]) == (11, "true")
    secure = stage.secure()
    assert len(pairs(stage.elb.describe_listener_attributes(ListenerArn=secure))) == 19
    group = stage.group()
    assert len(pairs(stage.elb.describe_target_group_attributes(TargetGroupArn=group))) == 14
    delay = attribute("deregistration_delay.timeout_seconds", "3600")
    changed = pairs(stage.elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=delay))
    assert (len(changed), changed["deregistration_delay.timeout_seconds"]) == (14, "3600")


def test_an_empty_text_resets_an_attribute(stage):
    for value, told in (("90", "90"), ("", "60")):
        sent = attribute("idle_timeout.timeout_seconds", value)
        answer = stage.elb.modify_load_balancer_attributes(LoadBalancerArn=stage.alb, Attributes=sent)
        assert pairs(answer)["idle_timeout.timeout_seconds"] == told


def test_https_has_a_policy_and_no_mutual_authentication_and_loses_them_over_http(stage):
    listener = stage.secure()
    (secure,) = stage.elb.describe_listeners(ListenerArns=[listener])["Listeners"]
    assert secure["SslPolicy"] == "ELBSecurityPolicy-2016-08"
    assert secure["MutualAuthentication"] == {"Mode": "off"}
    (plain,) = stage.elb.modify_listener(ListenerArn=listener, Protocol="HTTP")["Listeners"]
    assert not {"SslPolicy", "MutualAuthentication", "Certificates"} & set(plain)
    assert len(pairs(stage.elb.describe_listener_attributes(ListenerArn=listener))) == 11


def test_conditions_are_told_in_their_forms_and_in_another_order(stage):
    methods = ["GET", "PUT", "POST", "HEAD"]
    sent = [
        {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": methods}},
        {"Field": "host-header", "Values": ["shop.example"]},
    ]
    (made,) = stage.elb.create_rule(**stage.new_rule(Conditions=sent))["Rules"]
    told = {condition["Field"]: condition for condition in made["Conditions"]}
    assert (
        told["host-header"]["HostHeaderConfig"]["Values"] == told["host-header"]["Values"] == ["shop.example"]
    )
    assert told["http-request-method"]["Values"] == []
    others = told["http-request-method"]["HttpRequestMethodConfig"]["Values"]
    assert others != methods
    assert sorted(others) == sorted(methods)


def test_transforms_are_always_told_and_can_be_reset(stage):
    rewrite = {"Rewrites": [{"Regex": "^/old", "Replace": "/new"}]}
    transforms = [{"Type": "url-rewrite", "UrlRewriteConfig": rewrite}]
    (made,) = stage.elb.create_rule(**stage.new_rule(Transforms=transforms))["Rules"]
    arn = {"RuleArn": made["RuleArn"]}
    assert made["Transforms"] == transforms
    kept = stage.elb.modify_rule(**arn, Actions=NOT_FOUND)["Rules"][0]
    assert kept["Transforms"] == transforms
    assert stage.elb.modify_rule(**arn, ResetTransforms=True)["Rules"][0]["Transforms"] == []
    rules = stage.elb.describe_rules(ListenerArn=stage.listener())["Rules"]
    assert [rule["Transforms"] for rule in rules] == [[], []]


def test_a_network_load_balancer_has_its_own_arn_name_and_attributes(stage):
    sent = stage.new_balancer(Type="network", Subnets=stage.network.subnets[:1])
    (made,) = stage.elb.create_load_balancer(**sent, Tags=[{"Key": "k", "Value": "v"}])["LoadBalancers"]
    arn, identity = made["LoadBalancerArn"], made["LoadBalancerArn"].rpartition("/")[2]
    assert ":loadbalancer/net/new/" in arn
    assert made["DNSName"] == f"new-{identity}.elb.us-east-1.amazonaws.com"
    assert made["SecurityGroups"] == []
    attributes = pairs(stage.elb.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert attributes["load_balancing.cross_zone.enabled"] == "false"
    assert len(attributes) == 8
    group = forward(stage.group(Protocol="TCP"))
    fields = stage.new_listener(LoadBalancerArn=arn, Protocol="TCP", Port=80, DefaultActions=group)
    (listener,) = stage.elb.create_listener(**fields)["Listeners"]
    assert "Weight" not in listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"][0]
    assert stage.elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"] != []
    stage.elb.delete_load_balancer(LoadBalancerArn=arn)
    assert [lb["LoadBalancerName"] for lb in stage.elb.describe_load_balancers()["LoadBalancers"]] == ["alb"]


def test_dual_stack_has_one_attribute_more(stage):
    ec2 = client_of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    (block,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
    start = block["Ipv6CidrBlock"].removesuffix("00::/56")
    subnets = [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.7.{n}.0/24",
            Ipv6CidrBlock=f"{start}{n:02}::/64",
            AvailabilityZone=f"us-east-1{zone}",
        )["Subnet"]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    sent = {"Name": "dual", "Subnets": subnets, "Scheme": "internal", "IpAddressType": "dualstack"}
    arn = stage.elb.create_load_balancer(**sent)["LoadBalancers"][0]["LoadBalancerArn"]
    attributes = pairs(stage.elb.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert attributes["ipv6.deny_all_igw_traffic"] == "true"
    stage.elb.set_ip_address_type(LoadBalancerArn=arn, IpAddressType="ipv4")
    assert len(pairs(stage.elb.describe_load_balancer_attributes(LoadBalancerArn=arn))) == 22
