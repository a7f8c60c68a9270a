"""Network load balancers: what they refuse, and what they tell."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import NOT_FOUND, client_of, code_of, forward
from refusals.balancing import Stage, attribute, certificates, issued


@pytest.fixture
def stage(aws) -> Stage:
    return Stage()


def make_nlb(stage: Stage, name: str = "nlb", **fields: Any) -> str:
    sent = stage.new_balancer(Name=name, Type="network", **fields)
    return stage.elb.create_load_balancer(**sent)["LoadBalancers"][0]["LoadBalancerArn"]


def listen(stage: Stage, nlb: str, protocol: str, actions: Any, **fields: Any) -> Any:
    sent = {"LoadBalancerArn": nlb, "Protocol": protocol, "Port": 53, "DefaultActions": actions, **fields}
    return stage.elb.create_listener(**sent)["Listeners"][0]


def weights(*pairs: tuple[str, int]) -> Any:
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in pairs]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def test_groups_are_given_at_its_creation_or_never(stage):
    groups = [stage.network.group]
    with pytest.raises(ClientError, match="created without any security groups") as refused:
        stage.elb.set_security_groups(LoadBalancerArn=make_nlb(stage), SecurityGroups=groups)
    assert code_of(refused) == "InvalidConfigurationRequest"
    other = client_of("ec2").create_security_group(GroupName="o", Description="o", VpcId=stage.network.vpc)
    grouped = make_nlb(stage, "grouped", SecurityGroups=groups)
    stage.elb.set_security_groups(LoadBalancerArn=grouped, SecurityGroups=[other["GroupId"]])


PAIRS = {
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
}


@pytest.mark.parametrize("listener", PAIRS)
@pytest.mark.parametrize("protocol", ["TCP", "TLS", "UDP", "TCP_UDP", "HTTP"])
def test_a_listener_takes_groups_of_some_protocols(stage, listener: str, protocol: str):
    group = stage.group(protocol.lower().replace("_", "-"), Protocol=protocol)
    secured = {"Certificates": certificates(issued())} if listener == "TLS" else {}
    if protocol in PAIRS[listener]:
        assert listen(stage, make_nlb(stage), listener, forward(group), **secured)["Protocol"] == listener
        return
    with pytest.raises(ClientError) as refused:
        listen(stage, make_nlb(stage), listener, forward(group), **secured)
    assert code_of(refused) == "IncompatibleProtocols"


def test_it_has_no_answer_of_its_own_and_tls_needs_a_certificate(stage):
    nlb, group = make_nlb(stage), stage.group("tcp", Protocol="TCP")
    with pytest.raises(ClientError) as refused:
        listen(stage, nlb, "TCP", NOT_FOUND)
    assert code_of(refused) == "InvalidLoadBalancerAction"
    with pytest.raises(ClientError, match="certificate must be specified for TLS"):
        listen(stage, nlb, "TLS", forward(group))
    with pytest.raises(ClientError, match="must be one of 'UDP, TCP, TLS, TCP_UDP'"):
        listen(stage, nlb, "HTTP", forward(group))


def test_a_group_at_weight_0_is_in_use_and_weights_of_one_group_are_not_told(stage):
    nlb = make_nlb(stage)
    old, new = stage.group("old", Protocol="TCP"), stage.group("new", Protocol="TCP")
    listener = listen(stage, nlb, "TCP", weights((old, 1)))
    assert "Weight" not in str(listener["DefaultActions"])
    arn = {"ListenerArn": listener["ListenerArn"]}
    (told,) = stage.elb.modify_listener(**arn, DefaultActions=weights((old, 1), (new, 0)))["Listeners"]
    groups = told["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert [group["Weight"] for group in groups] == [1, 0]
    with pytest.raises(ClientError) as refused:
        stage.elb.delete_target_group(TargetGroupArn=new)
    assert code_of(refused) == "ResourceInUse"


@pytest.mark.parametrize(
    ("protocol", "key", "value", "code"),
    [
        ("UDP", "preserve_client_ip.enabled", "false", "InvalidConfigurationRequest"),
        ("TCP_UDP", "preserve_client_ip.enabled", "false", "InvalidConfigurationRequest"),
        ("TLS", "stickiness.enabled", "true", "InvalidConfigurationRequest"),
        ("TCP", "slow_start.duration_seconds", "30", "ValidationError"),
        ("TCP", "load_balancing.algorithm.type", "round_robin", "ValidationError"),
        ("TCP", "stickiness.type", "lb_cookie", "InvalidConfigurationRequest"),
    ],
)
def test_its_groups_refuse_attributes(stage, protocol: str, key: str, value: str, code: str):
    group = stage.group("net", Protocol=protocol)
    with pytest.raises(ClientError) as refused:
        stage.elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=attribute(key, value))
    assert code_of(refused) == code


def test_the_idle_time_is_that_of_a_listener_of_tcp(stage):
    nlb = make_nlb(stage)
    idle = attribute("idle_timeout.timeout_seconds", "60")
    with pytest.raises(ClientError) as refused:
        stage.elb.modify_load_balancer_attributes(LoadBalancerArn=nlb, Attributes=idle)
    assert code_of(refused) == "InvalidConfigurationRequest"
    tcp = listen(stage, nlb, "TCP", forward(stage.group("tcp", Protocol="TCP")))
    idle = attribute("tcp.idle_timeout.seconds", "600")
    told = stage.elb.modify_listener_attributes(ListenerArn=tcp["ListenerArn"], Attributes=idle)
    assert told["Attributes"] == idle


def test_a_check_is_never_one_over_udp(stage):
    with pytest.raises(ClientError) as refused:
        stage.group("udp", Protocol="UDP", HealthCheckProtocol="UDP")
    assert code_of(refused) == "InvalidConfigurationRequest"


def reach(stage: Stage, group: str, *rules: tuple[str, int]) -> str:
    """Return the state of a target in the group at port 53, whose group lets the load balancer in by rules."""
    ec2 = client_of("ec2")
    tasks = ec2.create_security_group(GroupName="tasks", Description="t", VpcId=stage.network.vpc)["GroupId"]
    for protocol, port in rules:
        pairs = [{"GroupId": stage.network.group}]
        permission = {"IpProtocol": protocol, "FromPort": port, "ToPort": port, "UserIdGroupPairs": pairs}
        ec2.authorize_security_group_ingress(GroupId=tasks, IpPermissions=[permission])
    eni = ec2.create_network_interface(SubnetId=stage.network.subnets[0], Groups=[tasks])["NetworkInterface"]
    target = [{"Id": eni["PrivateIpAddress"], "Port": 53}]
    stage.elb.register_targets(TargetGroupArn=group, Targets=target)
    (told,) = stage.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return told["TargetHealth"]["State"]


@pytest.mark.parametrize(
    ("protocol", "rules", "state"),
    [
        ("UDP", [("udp", 53)], "unhealthy"),
        ("UDP", [("udp", 53), ("tcp", 8080)], "healthy"),
        ("TCP", [("tcp", 53)], "unhealthy"),
        ("TCP", [("tcp", 53), ("tcp", 8080)], "healthy"),
    ],
)
def test_a_target_is_healthy_if_the_port_of_its_check_is_open_over_tcp(
    stage, protocol: str, rules: Any, state: str
):
    nlb = make_nlb(stage, SecurityGroups=[stage.network.group])
    group = stage.group("dns", Protocol=protocol, Port=53, HealthCheckPort="8080")
    listen(stage, nlb, protocol, forward(group))
    assert reach(stage, group, *rules) == state
