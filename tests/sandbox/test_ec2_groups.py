from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import Network, client_of, code_of, make_network


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


@pytest.mark.parametrize(
    ("sent", "kept", "ports"),
    [
        ("6", "tcp", 80),
        ("TCP", "tcp", 80),
        ("17", "udp", 80),
        ("1", "icmp", 80),
        ("58", "icmpv6", 80),
        ("50", "50", None),
    ],
)
def test_four_protocols_are_told_by_their_names_and_others_have_no_ports(ec2, network, sent, kept, ports):
    asked = {"IpProtocol": sent, "FromPort": 80, "ToPort": 80, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}
    added = ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[asked])[
        "SecurityGroupRules"
    ]
    assert [(rule["IpProtocol"], rule["FromPort"]) for rule in added] == [(kept, ports or -1)]
    (told,) = rules(ec2, network.group)
    assert (told["IpProtocol"], told.get("FromPort")) == (kept, ports)


def test_rules_are_changed_described_and_revoked_by_their_ids(ec2, network):
    group = {"GroupId": network.group}
    blocks = [tcp(IpRanges=[{"CidrIp": "10.1.0.0/16"}])]
    (made,) = ec2.authorize_security_group_ingress(**group, IpPermissions=blocks)["SecurityGroupRules"]
    own_id = made["SecurityGroupRuleId"]
    new = {"IpProtocol": "tcp", "FromPort": 81, "ToPort": 82, "CidrIpv4": "10.2.3.4/16", "Description": "new"}
    ec2.modify_security_group_rules(
        **group, SecurityGroupRules=[{"SecurityGroupRuleId": own_id, "SecurityGroupRule": new}]
    )
    (told,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[own_id])["SecurityGroupRules"]
    assert (told["FromPort"], told["ToPort"], told["CidrIpv4"]) == (81, 82, "10.2.0.0/16")
    text = [{"SecurityGroupRuleId": own_id, "Description": "newer"}]
    ec2.update_security_group_rule_descriptions_ingress(**group, SecurityGroupRuleDescriptions=text)
    (revoked,) = ec2.revoke_security_group_ingress(**group, SecurityGroupRuleIds=[own_id])[
        "RevokedSecurityGroupRules"
    ]
    assert (revoked["SecurityGroupRuleId"], revoked["Description"]) == (own_id, "newer")


def test_a_default_vpc_tells_the_rules_that_it_has_not(ec2):
    group = {"GroupName": "default"}
    unknown = [tcp(IpRanges=[{"CidrIp": "10.1.0.0/16"}])]
    answer = ec2.revoke_security_group_ingress(**group, IpPermissions=unknown)
    assert [one["IpRanges"] for one in answer["UnknownIpPermissions"]] == [[{"CidrIp": "10.1.0.0/16"}]]
