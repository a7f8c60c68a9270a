from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import Network, client_of, code_of, make_alb, make_network


@pytest.fixture
def ec2(aws) -> Any:
    return client_of("ec2")


@pytest.fixture
def network(ec2) -> Network:
    return make_network(ec2, "10.0")


def make(ec2: Any, network: Network, name: str) -> str:
    return ec2.create_security_group(GroupName=name, Description=name, VpcId=network.vpc)["GroupId"]


def from_group(group: str, **more: Any) -> dict[str, Any]:
    return tcp(UserIdGroupPairs=[{"GroupId": group, **more}])


def tcp(**peers: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, **peers}


def rules(ec2: Any, group: str) -> list[dict[str, Any]]:
    return ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]


def test_a_group_name_counts_without_case(ec2, network):
    with pytest.raises(ClientError) as refused:
        make(ec2, network, "ALB")
    assert code_of(refused) == "InvalidGroup.Duplicate"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"VpcId": "vpc-0123456789abcdef0"}, "InvalidVpcID.NotFound"),
        ({"GroupName": "sg-web"}, "InvalidParameterValue"),
        ({"Description": "it's ours"}, "InvalidParameterValue"),
    ],
)
def test_a_group_is_refused_for(ec2, network, settings, code):
    with pytest.raises(ClientError) as refused:
        ec2.create_security_group(
            **{"GroupName": "new", "Description": "new", "VpcId": network.vpc, **settings}
        )
    assert code_of(refused) == code


def test_a_group_of_an_interface_is_not_deleted(ec2, network):
    make_alb(client_of("elbv2"), network)
    with pytest.raises(ClientError) as refused:
        ec2.delete_security_group(GroupId=network.group)
    assert code_of(refused) == "DependencyViolation"


def test_a_group_that_another_refers_to_is_not_deleted(ec2, network):
    tasks = make(ec2, network, "tasks")
    ec2.authorize_security_group_ingress(
        GroupId=tasks, IpPermissions=[from_group(network.group), from_group(tasks)]
    )
    with pytest.raises(ClientError) as refused:
        ec2.delete_security_group(GroupId=network.group)
    assert code_of(refused) == "DependencyViolation"
    ec2.delete_security_group(GroupId=tasks)  # its rule about itself holds nothing
    ec2.delete_security_group(GroupId=network.group)


def test_the_default_group_is_not_deleted(ec2, network):
    default = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [network.vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"][0]["GroupId"]
    with pytest.raises(ClientError) as refused:
        ec2.delete_security_group(GroupId=default)
    assert code_of(refused) == "CannotDelete"


def test_a_rule_keeps_the_description_of_a_group(ec2, network):
    tasks = make(ec2, network, "tasks")
    ec2.authorize_security_group_ingress(
        GroupId=tasks, IpPermissions=[from_group(network.group, Description="ALB")]
    )
    assert rules(ec2, tasks)[0]["UserIdGroupPairs"][0]["Description"] == "ALB"
    listed = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [tasks]}])[
        "SecurityGroupRules"
    ]
    assert [r.get("Description") for r in listed if not r["IsEgress"]] == ["ALB"]


def test_a_description_is_no_part_of_a_rule(ec2, network):
    tasks = make(ec2, network, "tasks")
    ec2.authorize_security_group_ingress(
        GroupId=tasks, IpPermissions=[from_group(network.group, Description="one")]
    )
    with pytest.raises(ClientError) as refused:
        ec2.authorize_security_group_ingress(
            GroupId=tasks, IpPermissions=[from_group(network.group, Description="two")]
        )
    assert code_of(refused) == "InvalidPermission.Duplicate"
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=tasks, IpPermissions=[from_group(network.group, Description="two")]
    )
    assert rules(ec2, tasks)[0]["UserIdGroupPairs"][0]["Description"] == "two"
    ec2.revoke_security_group_ingress(GroupId=tasks, IpPermissions=[from_group(network.group)])
    assert rules(ec2, tasks) == []


def test_a_rule_about_a_missing_group_is_refused(ec2, network):
    with pytest.raises(ClientError) as refused:
        ec2.authorize_security_group_ingress(
            GroupId=network.group, IpPermissions=[from_group("sg-0123456789abcdef0")]
        )
    assert code_of(refused) == "InvalidGroup.NotFound"


def test_rules_are_added_together_or_not_at_all(ec2, network):
    one, two = tcp(IpRanges=[{"CidrIp": "10.1.0.0/16"}]), tcp(IpRanges=[{"CidrIp": "10.2.0.0/16"}])
    ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[two])
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[one, two])
    assert [r["CidrIp"] for r in rules(ec2, network.group)[0]["IpRanges"]] == ["10.2.0.0/16"]


def test_all_added_rules_are_answered(ec2, network):
    ranges = [tcp(IpRanges=[{"CidrIp": f"10.{i}.0.0/16"}]) for i in range(3)]
    added = ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=ranges)
    assert len(added["SecurityGroupRules"]) == 3


def test_a_rule_keeps_a_network_without_host_bits(ec2, network):
    ec2.authorize_security_group_ingress(
        GroupId=network.group, IpPermissions=[tcp(IpRanges=[{"CidrIp": "10.1.2.3/16"}])]
    )
    assert rules(ec2, network.group)[0]["IpRanges"] == [{"CidrIp": "10.1.0.0/16"}]
