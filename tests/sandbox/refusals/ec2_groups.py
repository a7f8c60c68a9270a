"""Refused calls about security groups."""

from typing import Any

from refusals.ec2_world import ec2, interface, network, tcp
from refusals.probe import Probe


def named(name: str = "new", description: str = "new", **more: Any) -> dict[str, Any]:
    return {"GroupName": name, "Description": description, "VpcId": network().vpc, **more}


def used() -> dict[str, Any]:
    made = network()
    interface(made.subnets[0], Groups=[made.group])
    return {"GroupId": made.group}


def referenced() -> dict[str, Any]:
    made = network()
    other = ec2().create_security_group(GroupName="o", Description="o", VpcId=made.vpc)["GroupId"]
    pair = [{"GroupId": made.group}]
    ec2().authorize_security_group_ingress(GroupId=other, IpPermissions=[tcp(UserIdGroupPairs=pair)])
    return {"GroupId": made.group}


def default_group() -> dict[str, Any]:
    of_vpc = [{"Name": "vpc-id", "Values": [network().vpc]}, {"Name": "group-name", "Values": ["default"]}]
    (found,) = ec2().describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    return {"GroupId": found["GroupId"]}


def without_vpc() -> dict[str, Any]:
    (vpc,) = ec2().describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    for subnet in ec2().describe_subnets(Filters=of_vpc)["Subnets"]:
        ec2().delete_subnet(SubnetId=subnet["SubnetId"])
    ec2().delete_vpc(VpcId=vpc["VpcId"])
    return {"GroupName": "new", "Description": "new"}


PROBES = [
    Probe(
        "CreateSecurityGroup", "InvalidParameterValue", lambda: named(description="it's ours"), "less than 256"
    ),
    Probe("CreateSecurityGroup", "InvalidGroup.Duplicate", lambda: named("ALB")),
    Probe("CreateSecurityGroup", "InvalidParameterValue", lambda: named("default"), "reserved"),
    Probe("CreateSecurityGroup", "InvalidParameterValue", lambda: named("sg-web"), "sg-*"),
    Probe("CreateSecurityGroup", "InvalidParameterValue", lambda: named("x" * 256), "less than 256"),
    Probe("CreateSecurityGroup", "InvalidParameterValue", lambda: named(description="größer"), "ASCII"),
    Probe("CreateSecurityGroup", "MissingParameter", lambda: named(description="")),
    Probe("CreateSecurityGroup", "InvalidVpcID.NotFound", lambda: named() | {"VpcId": "vpc-12345678"}),
    Probe("CreateSecurityGroup", "VPCIdNotSpecified", without_vpc),
    Probe("DeleteSecurityGroup", "InvalidGroup.NotFound", lambda: {"GroupId": "sg-12345678"}),
    Probe("DeleteSecurityGroup", "CannotDelete", default_group),
    Probe("DeleteSecurityGroup", "DependencyViolation", used),
    Probe("DeleteSecurityGroup", "DependencyViolation", referenced),
]
