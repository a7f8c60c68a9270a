"""Values of resources for those filters of EC2's describes that moto lacks, a table for each type."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Value = Callable[[Any], Any]
Values = Mapping[str, Value]


def _each(listed: str, member: str) -> Value:
    """Return a value for each item of a list that moto keeps, which holds objects or mappings."""

    def values(item: Any) -> list[Any]:
        found = getattr(item, listed)
        items: Iterable[Any] = found.values() if isinstance(found, dict) else found
        return [one.get(member) if isinstance(one, dict) else getattr(one, member, None) for one in items]

    return values


def _never(_item: Any) -> None:
    """Match nothing: the resource never has what this filter asks for."""


def _permissions(rules: str, prefix: str) -> Values:
    return {
        f"{prefix}.cidr": _each(rules, "cidr_ipv4"),
        f"{prefix}.from-port": _each(rules, "from_port"),
        f"{prefix}.group-id": lambda group: [
            rule.source_group.get("GroupId") for rule in getattr(group, rules)
        ],
        f"{prefix}.group-name": lambda group: [
            rule.source_group.get("GroupName") for rule in getattr(group, rules)
        ],
        f"{prefix}.ipv6-cidr": _each(rules, "cidr_ipv6"),
        f"{prefix}.prefix-list-id": _each(rules, "prefix_list_id"),
        f"{prefix}.protocol": _each(rules, "ip_protocol"),
        f"{prefix}.to-port": _each(rules, "to_port"),
        f"{prefix}.user-id": lambda group: [rule.source_group.get("UserId") for rule in getattr(group, rules)],
    }


VPCS: Values = {
    "dhcp-options-id": lambda vpc: vpc.dhcp_options_id,
    "ipv6-cidr-block-association.ipv6-pool": _each("ipv6_cidr_block_association_set", "ipv6_pool"),
}
SUBNETS: Values = {
    "availability-zone-id": lambda subnet: subnet.availability_zone_id,
    "availabilityZoneId": lambda subnet: subnet.availability_zone_id,
    "customer-owned-ipv4-pool": _never,
    "enable-dns64": lambda subnet: getattr(subnet, "enable_dns64", False),
    "enable-lni-at-device-index": _never,
    "ipv6-cidr-block-association.association-id": _each("ipv6_cidr_block_associations", "associationId"),
    "ipv6-cidr-block-association.ipv6-cidr-block": _each("ipv6_cidr_block_associations", "ipv6CidrBlock"),
    "ipv6-cidr-block-association.state": lambda subnet: [
        one["ipv6CidrBlockState"]["State"] for one in subnet.ipv6_cidr_block_associations.values()
    ],
    "map-customer-owned-ip-on-launch": lambda _subnet: False,
    "outpost-arn": _never,
    "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": lambda subnet: (
        subnet.private_dns_name_options_on_launch["EnableResourceNameDnsARecord"]
    ),
    "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": lambda subnet: (
        subnet.private_dns_name_options_on_launch["EnableResourceNameDnsAAAARecord"]
    ),
    "private-dns-name-options-on-launch.hostname-type": lambda subnet: (
        subnet.private_dns_name_options_on_launch["HostnameType"]
    ),
    "subnet-arn": lambda subnet: subnet.arn,
}
GATEWAYS: Values = {
    "attachment.state": lambda gateway: [one["State"] for one in gateway.attachments],
    "attachment.vpc-id": lambda gateway: [one["VpcId"] for one in gateway.attachments],
    "internet-gateway-id": lambda gateway: gateway.id,
}
TABLES: Values = {
    "association.gateway-id": lambda table: [
        one for one in table._associations.values() if one.startswith("igw")
    ],
    "association.subnet-id": lambda table: [
        one for one in table._associations.values() if one.startswith("sub")
    ],
    "route.destination-cidr-block": _each("_routes", "destination_cidr_block"),
    "route.destination-ipv6-cidr-block": _each("_routes", "destination_ipv6_cidr_block"),
    "route.destination-prefix-list-id": _each("_routes", "destination_prefix_list_id"),
    "route.egress-only-internet-gateway-id": _each("_routes", "egress_only_internet_gateway_id"),
    "route.gateway-id": _each("_routes", "gateway_id"),
    "route.instance-id": _each("_routes", "instance_id"),
    "route.nat-gateway-id": _each("_routes", "nat_gateway_id"),
    "route.origin": _each("_routes", "origin"),
    "route.state": _each("_routes", "state"),
    "route.transit-gateway-id": _each("_routes", "transit_gateway_id"),
    "route.vpc-peering-connection-id": _each("_routes", "vpc_peering_connection_id"),
}
GROUPS: Values = {
    "description": lambda group: group.description,
    "group-id": lambda group: group.id,
    "group-name": lambda group: group.name,
    "owner-id": lambda group: group.owner_id,
    "vpc-id": lambda group: group.vpc_id,
    **_permissions("ingress_rules", "ip-permission"),
    **_permissions("egress_rules", "egress.ip-permission"),
}
RULES: Values = {"group-id": lambda rule: rule.group_id, "security-group-rule-id": lambda rule: rule.id}
INTERFACES: Values = {
    "addresses.association.public-ip": lambda eni: eni.public_ip,
    "association.public-ip": lambda eni: eni.public_ip,
    "addresses.association.owner-id": lambda eni: eni.association.get("ipOwnerId"),
    "addresses.primary": _each("private_ip_addresses", "Primary"),
    "addresses.private-ip-address": _each("private_ip_addresses", "PrivateIpAddress"),
    "association.allocation-id": lambda eni: eni.association.get("allocationId"),
    "association.association-id": lambda eni: eni.association.get("associationId"),
    "association.ip-owner-id": lambda eni: eni.association.get("ipOwnerId"),
    "association.public-dns-name": lambda eni: eni.association.get("publicDnsName"),
    "attachment.attach-time": _never,
    "attachment.attachment-id": lambda eni: _attachment(eni, "AttachmentId"),
    "attachment.delete-on-termination": lambda eni: _attachment(eni, "DeleteOnTermination"),
    "attachment.device-index": lambda eni: _attachment(eni, "DeviceIndex"),
    "attachment.instance-owner-id": lambda eni: _attachment(eni, "InstanceOwnerId"),
    "attachment.status": lambda eni: _attachment(eni, "Status"),
    "availability-zone-id": lambda eni: eni.subnet.availability_zone_id,
    "ipv6-addresses.ipv6-address": lambda eni: eni.ipv6_addresses,
    "operator.managed": lambda _eni: False,
    "operator.principal": _never,
    "private-dns-name": lambda eni: getattr(eni, "private_dns_name", None),
}
ADDRESSES: Values = {
    "domain": lambda address: address.domain,
    "network-border-group": lambda address: address.ec2_backend.region_name,
    "network-interface-owner-id": lambda address: address.network_interface_owner_id,
}
NAT_GATEWAYS: Values = {"nat-gateway-id": lambda gateway: gateway.id}
ENDPOINTS: Values = {
    "ip-address-type": lambda _endpoint: "ipv4",
    "service-region": lambda endpoint: endpoint.ec2_backend.region_name,
    "vpc-endpoint-id": lambda endpoint: endpoint.id,
}
ACLS: Values = {
    "entry.icmp.code": _each("network_acl_entries", "icmp_code"),
    "entry.icmp.type": _each("network_acl_entries", "icmp_type"),
    "entry.ipv6-cidr": _each("network_acl_entries", "ipv6_cidr_block"),
    "entry.port-range.from": _each("network_acl_entries", "port_range_from"),
    "entry.port-range.to": _each("network_acl_entries", "port_range_to"),
    "network-acl-id": lambda acl: acl.id,
}
PEERINGS: Values = {
    f"{side}-vpc-info.{member}": (
        lambda peering, attribute=attribute, of=of: getattr(getattr(peering, of), attribute)
    )
    for side, of in (("requester", "vpc"), ("accepter", "peer_vpc"))
    for member, attribute in (("cidr-block", "cidr_block"), ("owner-id", "owner_id"), ("vpc-id", "id"))
} | {
    "expiration-time": _never,
    "status-code": lambda peering: peering.status["Code"],
    "status-message": lambda peering: peering.status["Message"],
    "vpc-peering-connection-id": lambda peering: peering.id,
}


def _attachment(eni: Any, member: str) -> Any:
    """Return a member of the attachment, which is a mapping if AWS made it (see `interfaces`)."""
    made = eni.attachment
    return made.get(member) if isinstance(made, dict) else None
