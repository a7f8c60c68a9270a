"""Calls of EC2 that are refused for their parameters alone, and dry runs."""

from typing import Any

from refusals.ec2_world import gateway, network, table
from refusals.probe import Probe

# Describes, the parameter with ids, AWS's code for another form, an absent id, AWS's code for it.
IDS = (
    ("DescribeVpcs", "VpcIds", "InvalidVpcID.Malformed", "vpc-12345678", "InvalidVpcID.NotFound"),
    (
        "DescribeSubnets",
        "SubnetIds",
        "InvalidSubnetID.Malformed",
        "subnet-12345678",
        "InvalidSubnetID.NotFound",
    ),
    (
        "DescribeInternetGateways",
        "InternetGatewayIds",
        "InvalidInternetGatewayId.Malformed",
        "igw-12345678",
        "InvalidInternetGatewayID.NotFound",
    ),
    (
        "DescribeRouteTables",
        "RouteTableIds",
        "InvalidRouteTableId.Malformed",
        "rtb-12345678",
        "InvalidRouteTableID.NotFound",
    ),
    ("DescribeSecurityGroups", "GroupIds", "InvalidGroupId.Malformed", "sg-12345678", "InvalidGroup.NotFound"),
    (
        "DescribeSecurityGroupRules",
        "SecurityGroupRuleIds",
        "InvalidSecurityGroupRuleId.Malformed",
        "sgr-12345678",
        "InvalidSecurityGroupRuleId.NotFound",
    ),
    (
        "DescribeNetworkInterfaces",
        "NetworkInterfaceIds",
        "InvalidNetworkInterfaceId.Malformed",
        "eni-12345678",
        "InvalidNetworkInterfaceID.NotFound",
    ),
    ("DescribeNatGateways", "NatGatewayIds", "NatGatewayMalformed", "nat-12345678", "NatGatewayNotFound"),
    (
        "DescribeVpcEndpoints",
        "VpcEndpointIds",
        "InvalidVpcEndpointId.Malformed",
        "vpce-12345678",
        "InvalidVpcEndpointId.NotFound",
    ),
    (
        "DescribeVpcPeeringConnections",
        "VpcPeeringConnectionIds",
        "InvalidVpcPeeringConnectionId.Malformed",
        "pcx-12345678",
        "InvalidVpcPeeringConnectionID.NotFound",
    ),
    (
        "DescribeNetworkAcls",
        "NetworkAclIds",
        "InvalidNetworkAclId.Malformed",
        "acl-12345678",
        "InvalidNetworkAclID.NotFound",
    ),
)
UNKNOWN_FILTER = {"Filters": [{"Name": "colour", "Values": ["red"]}]}


def tags(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs]


def tagged(resource: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    return {"Resources": [resource], "Tags": tags(*pairs)}


def made_with(resource_type: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": tags(*pairs)}]}


PROBES = [
    *(Probe(name, bad, lambda ids=ids: {ids: ["nonsense"]}, "nonsense") for name, ids, bad, _, _ in IDS),
    *(
        Probe(name, code, lambda ids=ids, absent=absent: {ids: [absent]}, absent)
        for name, ids, _, absent, code in IDS
    ),
    *(
        Probe(name, "InvalidParameterValue", lambda: UNKNOWN_FILTER, "The filter 'colour' is invalid")
        for name in (*(row[0] for row in IDS), "DescribeAddresses", "DescribeAvailabilityZones", "DescribeTags")
    ),
    Probe("DescribeVpcs", "InvalidParameterValue", lambda: {"Filters": [{"Values": ["a"]}]}, "'null'"),
    Probe(
        "DescribeVpcs",
        "FilterLimitExceeded",
        lambda: {"Filters": [{"Name": "vpc-id", "Values": [f"vpc-{i}" for i in range(201)]}]},
    ),
    Probe("DescribeVpcs", "InvalidNextToken", lambda: {"NextToken": "nonsense"}),
    Probe("DescribeVpcs", "InvalidParameterValue", lambda: {"MaxResults": 1001}, "maxResults"),
    Probe("DescribeRouteTables", "InvalidParameterValue", lambda: {"MaxResults": 101}, "maxResults"),
    Probe(
        "DescribeVpcs",
        "InvalidParameterCombination",
        lambda: {"VpcIds": [network().vpc], "MaxResults": 5},
        "vpcIds",
    ),
    Probe(
        "DescribeAvailabilityZones",
        "InvalidParameterValue",
        lambda: {"ZoneNames": ["us-east-1z"]},
        "us-east-1z",
    ),
    Probe("DescribeVpcs", "DryRunOperation", lambda: {"DryRun": True}),
    Probe("CreateVpc", "DryRunOperation", lambda: {"CidrBlock": "10.0.0.0/16", "DryRun": True}),
    Probe("DeleteVpc", "DryRunOperation", lambda: {"VpcId": network().vpc, "DryRun": True}),
    Probe("CreateTags", "DryRunOperation", lambda: {**tagged(network().vpc, ("a", "b")), "DryRun": True}),
    Probe("CreateTags", "InvalidID", lambda: tagged("nonsense", ("a", "b"))),
    Probe("CreateTags", "InvalidVpcID.NotFound", lambda: tagged("vpc-12345678", ("a", "b"))),
    Probe("CreateTags", "InvalidGroup.NotFound", lambda: tagged("sg-12345678", ("a", "b"))),
    Probe("CreateTags", "MissingParameter", lambda: tagged(network().vpc)),
    Probe("CreateTags", "InvalidParameterValue", lambda: tagged(gateway(), ("aws:a", "b")), "reserved"),
    Probe(
        "CreateTags", "InvalidParameterValue", lambda: tagged(gateway(), ("a", "b"), ("a", "c")), "Duplicate"
    ),
    Probe("CreateTags", "InvalidParameterValue", lambda: tagged(gateway(), ("k" * 129, "b")), "128"),
    Probe("CreateTags", "InvalidParameterValue", lambda: tagged(gateway(), ("a", "v" * 257)), "256"),
    Probe("CreateTags", "TagLimitExceeded", lambda: tagged(gateway(), *((f"k{i}", "v") for i in range(51)))),
    Probe("DeleteTags", "InvalidParameterValue", lambda: tagged(gateway(), ("aws:a", "b")), "reserved"),
    Probe(
        "CreateInternetGateway", "InvalidParameterValue", lambda: made_with("vpc", ("a", "b")), "'vpc' is not"
    ),
    Probe("CreateInternetGateway", "InvalidParameterValue", lambda: made_with("internet-gateway"), "one tag"),
    Probe(
        "CreateInternetGateway",
        "InvalidParameterValue",
        lambda: made_with("internet-gateway", ("aws:a", "b")),
        "reserved",
    ),
    Probe(
        "CreateRoute", "MissingParameter", lambda: {"RouteTableId": table(network().vpc), "GatewayId": "local"}
    ),
    Probe("DeleteSecurityGroup", "MissingParameter", dict),
    Probe("DisassociateAddress", "MissingParameter", dict),
    Probe("ReleaseAddress", "MissingParameter", dict),
]
