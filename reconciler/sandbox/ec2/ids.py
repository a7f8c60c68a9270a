"""The ids of EC2's resources: their form, and the codes by which AWS refuses them.

The codes are those of AWS's page of EC2's error codes, which spells `ID` and `Id` as it happens to.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.ec2.exceptions import EC2ClientError

AFTER_PREFIX = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class IdKind:
    """The ids of one type of resource, such as `vpc-0123456789abcdef0`."""

    prefix: str
    noun: str  # the type, in the words of AWS's messages
    malformed: str  # AWS's code for another form; empty where any text is looked for
    not_found: str  # AWS's code for an id that does not exist

    def is_well_formed(self, own_id: str) -> bool:
        """Tell whether the id is its prefix, a dash and lower-case letters and digits, of any number."""
        before, _, after = own_id.rpartition("-")
        return before == self.prefix and AFTER_PREFIX.fullmatch(after) is not None

    def refuse(self, own_id: str) -> EC2ClientError:
        """Return the error for an id that does not exist."""
        return EC2ClientError(self.not_found, f"The {self.noun} '{own_id}' does not exist")


VPC = IdKind("vpc", "vpc ID", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound")
SUBNET = IdKind("subnet", "subnet ID", "InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound")
GATEWAY = IdKind(
    "igw", "internetGateway ID", "InvalidInternetGatewayId.Malformed", "InvalidInternetGatewayID.NotFound"
)
EGRESS_GATEWAY = IdKind(
    "eigw",
    "egressOnlyInternetGateway ID",
    "InvalidEgressOnlyInternetGatewayId.Malformed",
    "InvalidEgressOnlyInternetGatewayId.NotFound",
)
TABLE = IdKind("rtb", "routeTable ID", "InvalidRouteTableId.Malformed", "InvalidRouteTableID.NotFound")
GROUP = IdKind("sg", "security group", "InvalidGroupId.Malformed", "InvalidGroup.NotFound")
RULE = IdKind(
    "sgr",
    "security group rule ID",
    "InvalidSecurityGroupRuleId.Malformed",
    "InvalidSecurityGroupRuleId.NotFound",
)
INTERFACE = IdKind(
    "eni", "networkInterface ID", "InvalidNetworkInterfaceId.Malformed", "InvalidNetworkInterfaceID.NotFound"
)
NAT_GATEWAY = IdKind("nat", "NatGateway", "NatGatewayMalformed", "NatGatewayNotFound")
ENDPOINT = IdKind("vpce", "Vpc Endpoint Id", "InvalidVpcEndpointId.Malformed", "InvalidVpcEndpointId.NotFound")
PEERING = IdKind(
    "pcx",
    "vpcPeeringConnection ID",
    "InvalidVpcPeeringConnectionId.Malformed",
    "InvalidVpcPeeringConnectionID.NotFound",
)
ACL = IdKind("acl", "networkAcl ID", "InvalidNetworkAclId.Malformed", "InvalidNetworkAclID.NotFound")
PREFIX_LIST = IdKind("pl", "prefix list ID", "InvalidPrefixListId.Malformed", "InvalidPrefixListID.NotFound")
ADDRESS = IdKind("eipalloc", "allocation ID", "", "InvalidAllocationID.NotFound")

KINDS = {
    kind.prefix: kind
    for kind in (
        VPC,
        SUBNET,
        GATEWAY,
        EGRESS_GATEWAY,
        TABLE,
        GROUP,
        RULE,
        INTERFACE,
        NAT_GATEWAY,
        ENDPOINT,
        PEERING,
        ACL,
        PREFIX_LIST,
        ADDRESS,
    )
}

# Names of parameters that hold an id, or a list of ids if they are in the plural.
PARAMETERS = {
    "VpcId": VPC,
    "PeerVpcId": VPC,
    "SubnetId": SUBNET,
    "InternetGatewayId": GATEWAY,
    "EgressOnlyInternetGatewayId": EGRESS_GATEWAY,
    "RouteTableId": TABLE,
    "GroupId": GROUP,
    "ReferencedGroupId": GROUP,
    "SecurityGroupId": GROUP,
    "AddSecurityGroupId": GROUP,
    "RemoveSecurityGroupId": GROUP,
    "AddSubnetId": SUBNET,
    "RemoveSubnetId": SUBNET,
    "AddRouteTableId": TABLE,
    "RemoveRouteTableId": TABLE,
    "SecurityGroupRuleId": RULE,
    "NetworkInterfaceId": INTERFACE,
    "NatGatewayId": NAT_GATEWAY,
    "VpcEndpointId": ENDPOINT,
    "VpcPeeringConnectionId": PEERING,
    "NetworkAclId": ACL,
    "PrefixListId": PREFIX_LIST,
    "DestinationPrefixListId": PREFIX_LIST,
}


def check_ids(params: Mapping[str, Any]) -> None:
    """Refuse an id of another form than that of its parameter."""
    for kind, own_id in _list_ids(params):
        if kind.malformed and not kind.is_well_formed(own_id):
            message = (
                f'Invalid id: "{own_id}" (expecting "{kind.prefix}-..."; the Id may only contain '
                "lowercase alphanumeric characters and a single dash)"
            )
            raise EC2ClientError(kind.malformed, message)


def _list_ids(params: Mapping[str, Any]) -> Iterator[tuple[IdKind, str]]:
    """Yield each id in the parameters, also in lists and structures, with its kind."""
    for name, value in params.items():
        kind = PARAMETERS.get(name) or PARAMETERS.get(name.removesuffix("s"))
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _list_ids(item)
            elif kind and isinstance(item, str):
                yield kind, item
