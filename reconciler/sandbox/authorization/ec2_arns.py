"""The resources that a call of EC2 is for: those whose ids it names, and of a new one only the type."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.ec2 import ec2_backends

from reconciler.sandbox.authorization.call import Call, listed
from reconciler.sandbox.ec2.present import list_subnets

TYPES = {  # the beginnings of ids -> the types in ARNs
    "acl": "network-acl",
    "eigw": "egress-only-internet-gateway",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "pl": "prefix-list",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
NEW = {  # what calls make
    "AllocateAddress": "elastic-ip",
    "CreateEgressOnlyInternetGateway": "egress-only-internet-gateway",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateNetworkAcl": "network-acl",
    "CreateNetworkInterface": "network-interface",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
_ONE_TYPE = {  # of calls that name others, too, of which no permission is asked
    "Route": "route-table",
    "SecurityGroupEgress": "security-group",
    "SecurityGroupIngress": "security-group",
    "SecurityGroupRuleDescriptionsEgress": "security-group",
    "SecurityGroupRuleDescriptionsIngress": "security-group",
}
_VERB = re.compile(r"Authorize|Create|Delete|Replace|Revoke|Update")
_ID = re.compile(rf"(?P<type>{'|'.join(TYPES)})-[0-9a-z]+")


def find_ec2_arns(call: Call) -> list[str]:
    """Return the ARNs of what the call is for; none if it only describes."""
    if call.operation.startswith(("Describe", "Get", "Search")):
        return []
    only = _ONE_TYPE.get(_VERB.sub("", call.operation, count=1))
    new = [call.arn(f"{NEW[call.operation]}/*")] if call.operation in NEW else []
    return new + [call.arn(f"{kind}/{own_id}") for kind, own_id in _named(call) if only is None or kind == only]


def _named(call: Call) -> Iterator[tuple[str, str]]:
    for value in _values(call.sent):
        if found := _ID.fullmatch(value):
            yield TYPES[found["type"]], value
    holder = _holder_of(call, call.sent.get("AssociationId"))
    if holder is not None and "RouteTableId" not in call.sent:
        yield TYPES[holder.id.partition("-")[0]], holder.id


def _values(sent: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of parameters, of lists, and of the rules of a group."""
    for value in sent.values():
        yield from (item for item in listed(value) if isinstance(item, str))
    yield from (str(rule.get("SecurityGroupRuleId")) for rule in listed(sent.get("SecurityGroupRules")))


def _holder_of(call: Call, association: str | None) -> Any:
    """Return what an association belongs to: a route table, or the VPC or the subnet of a range."""
    ec2 = ec2_backends[call.account][call.region]
    tables = ec2.route_tables.values()
    if (table := next((one for one in tables if association in one.all_associations_ids), None)) is not None:
        return table
    vpcs = (vpc for vpc in ec2.vpcs.values() if association in vpc._cidr_block_association_set)
    subnets = (one for one in list_subnets(ec2) if association in one.ipv6_cidr_block_associations)
    return next(vpcs, None) or next(subnets, None)
