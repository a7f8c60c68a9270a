from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import Network, client_of, code_of, forward, make_alb, make_group, make_listener, make_network

from reconciler.sandbox import REAL, install


@pytest.fixture
def elb(aws) -> Any:
    return client_of("elbv2")


@pytest.fixture
def network(aws) -> Network:
    return make_network(client_of("ec2"), "10.0")


def state(elb: Any, alb: str) -> str:
    return elb.describe_load_balancers(LoadBalancerArns=[alb])["LoadBalancers"][0]["State"]["Code"]


def interfaces(network: Network) -> list[dict[str, Any]]:
    of_group = [{"Name": "group-id", "Values": [network.group]}]
    return client_of("ec2").describe_network_interfaces(Filters=of_group)["NetworkInterfaces"]


def test_an_identical_create_of_a_load_balancer_answers_with_the_existing_one(elb, network):
    assert make_alb(elb, network) == make_alb(elb, network, Subnets=network.subnets[::-1])


def test_a_create_with_other_settings_under_a_used_name_is_refused(elb, network):
    make_alb(elb, network)
    with pytest.raises(ClientError) as refused:
        make_alb(elb, network, Scheme="internal")
    assert code_of(refused) == "DuplicateLoadBalancerName"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"Subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]}, "SubnetNotFound"),
        ({"SecurityGroups": ["sg-0123456789abcdef0"]}, "InvalidSecurityGroup"),
        ({"name": "alb-"}, "ValidationError"),
        ({"name": "internal-alb"}, "ValidationError"),
        ({"name": "a" * 33}, "ValidationError"),
    ],
)
def test_a_load_balancer_is_refused_for(elb, network, settings, code):
    with pytest.raises(ClientError) as refused:
        make_alb(elb, network, **settings)
    assert code_of(refused) == code


def test_a_load_balancer_needs_two_zones(elb, network):
    with pytest.raises(ClientError, match="two different Availability Zones"):
        make_alb(elb, network, Subnets=network.subnets[:1])


def test_an_internet_facing_load_balancer_needs_a_gateway(elb, network):
    ec2 = client_of("ec2")
    gateway = ec2.describe_internet_gateways()["InternetGateways"][-1]["InternetGatewayId"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    with pytest.raises(ClientError, match="no internet gateway"):
        make_alb(elb, network)


def test_a_load_balancer_is_provisioning_before_it_is_active(elb, network, clock):
    install(REAL, clock=clock)
    alb = make_alb(elb, network)
    clock.advance(REAL.load_balancer - 1)
    assert state(elb, alb) == "provisioning"
    clock.advance(1)
    assert state(elb, alb) == "active"


def test_the_create_itself_answers_provisioning_and_fills_in_the_scheme(elb, network):
    made = elb.create_load_balancer(Name="alb", Subnets=network.subnets)["LoadBalancers"][0]
    assert made["State"]["Code"] == "provisioning"
    assert made["Scheme"] == "internet-facing"
    assert len(made["SecurityGroups"]) == 1


def test_a_protected_load_balancer_is_not_deleted(elb, network):
    alb = make_alb(elb, network)
    protect = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=alb, Attributes=protect)
    with pytest.raises(ClientError) as refused:
        elb.delete_load_balancer(LoadBalancerArn=alb)
    assert code_of(refused) == "OperationNotPermitted"


def test_deleting_an_absent_load_balancer_succeeds(elb, network):
    alb = make_alb(elb, network)
    elb.delete_load_balancer(LoadBalancerArn=alb)
    elb.delete_load_balancer(LoadBalancerArn=alb)
    assert elb.describe_load_balancers()["LoadBalancers"] == []


def test_default_attributes_are_complete(elb, network):
    alb = make_alb(elb, network)
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=alb)["Attributes"]
    read = {a["Key"]: a["Value"] for a in attributes}
    assert read["idle_timeout.timeout_seconds"] == "60"
    assert read["load_balancing.cross_zone.enabled"] == "true"


def test_interfaces_outlive_their_load_balancer(elb, network, clock):
    install(REAL, clock=clock)
    alb = make_alb(elb, network)
    assert {i["SubnetId"] for i in interfaces(network)} == set(network.subnets)
    assert {i["RequesterId"] for i in interfaces(network)} == {"amazon-elb"}
    assert all(i["Description"] == f"ELB {alb.partition(':loadbalancer/')[2]}" for i in interfaces(network))
    assert all(i["Association"]["PublicIp"] for i in interfaces(network))
    elb.delete_load_balancer(LoadBalancerArn=alb)
    clock.advance(REAL.interface_lingers / 2 - 1)
    assert len(interfaces(network)) == 2
    clock.advance(REAL.interface_lingers / 2 + 1)
    assert interfaces(network) == []


def test_interfaces_take_on_the_groups_of_their_load_balancer(elb, network):
    alb = make_alb(elb, network)
    other = client_of("ec2").create_security_group(GroupName="other", Description="other", VpcId=network.vpc)[
        "GroupId"
    ]
    elb.set_security_groups(LoadBalancerArn=alb, SecurityGroups=[other])
    read = client_of("ec2").describe_network_interfaces(
        Filters=[{"Name": "requester-id", "Values": ["amazon-elb"]}]
    )
    assert [[g["GroupId"] for g in i["Groups"]] for i in read["NetworkInterfaces"]] == [[other], [other]]


def test_an_interface_of_aws_cannot_be_deleted(elb, network):
    make_alb(elb, network)
    eni = client_of("ec2").describe_network_interfaces()["NetworkInterfaces"][0]["NetworkInterfaceId"]
    with pytest.raises(ClientError, match="currently in use"):
        client_of("ec2").delete_network_interface(NetworkInterfaceId=eni)


def test_an_identical_create_of_a_target_group_answers_with_the_existing_one(elb, network):
    assert make_group(elb, network, HealthCheckPath="/health") == make_group(
        elb, network, HealthCheckPath="/health"
    )


def test_a_target_group_with_other_settings_is_refused(elb, network):
    make_group(elb, network)
    with pytest.raises(ClientError) as refused:
        make_group(elb, network, Port=9090)
    assert code_of(refused) == "DuplicateTargetGroupName"


def test_a_target_group_over_http_gives_up_after_five_seconds_unless_told(elb, network):
    made = elb.describe_target_groups(TargetGroupArns=[make_group(elb, network)])["TargetGroups"][0]
    assert made["HealthCheckTimeoutSeconds"] == 5


def test_an_unknown_attribute_of_a_target_group_is_refused(elb, network):
    with pytest.raises(ClientError, match="not recognized"):
        elb.modify_target_group_attributes(
            TargetGroupArn=make_group(elb, network), Attributes=[{"Key": "no.such", "Value": "1"}]
        )


def test_a_target_group_belongs_to_one_load_balancer(elb, network):
    group = make_group(elb, network)
    first = make_listener(elb, make_alb(elb, network), forward(group))
    second = make_alb(elb, network, "second")
    with pytest.raises(ClientError) as refused:
        make_listener(elb, second, forward(group))
    assert code_of(refused) == "TargetGroupAssociationLimit"
    elb.delete_listener(ListenerArn=first)
    make_listener(elb, second, forward(group))
    assert elb.describe_target_groups()["TargetGroups"][0]["LoadBalancerArns"] == [second]


def test_a_target_group_behind_a_listener_is_not_deleted(elb, network):
    group = make_group(elb, network)
    make_listener(elb, make_alb(elb, network), forward(group))
    with pytest.raises(ClientError) as refused:
        elb.delete_target_group(TargetGroupArn=group)
    assert code_of(refused) == "ResourceInUse"
