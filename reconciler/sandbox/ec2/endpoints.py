"""VPC endpoints as in AWS: of a service that there is, each private name once in a VPC."""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.vpcs import VPCs
from moto.ec2.utils import random_private_ip

from reconciler.sandbox.ec2.deleted_endpoints import is_going, present_endpoints
from reconciler.sandbox.ec2.endpoint_checks import (
    GATEWAY,
    INTERFACE,
    check_endpoint,
    check_policy,
    check_private_names,
    check_subnets,
    check_tables,
)
from reconciler.sandbox.ec2.endpoint_names import name_endpoint
from reconciler.sandbox.ec2.ids import ENDPOINT, GROUP
from reconciler.sandbox.ec2.interfaces import adopt_interface, release_interface
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add, current, wrap

DNS_RECORDS = {GATEWAY: "service-defined", INTERFACE: "ipv4"}  # recorded
DNS_OPTIONS = {"PrivateDnsPreference": "VERIFIED_DOMAINS_ONLY", "PrivateDnsSpecifiedDomains": ["*"]}  # recorded


def install() -> None:
    wrap(VPCs, "create_vpc_endpoint", _create)
    wrap(VPCs, "modify_vpc_endpoint", _modify)
    wrap(VPCs, "delete_vpc_endpoints", _delete)
    wrap(EC2Backend, "create_vpc_endpoint", _make)
    wrap(EC2Backend, "describe_vpc_endpoints", _describe)
    add(VPCEndPoint, "ip_address_type", "ipv4")  # recorded
    add(
        VPCEndPoint,
        "dns_options",
        property(lambda one: DNS_OPTIONS | {"DnsRecordIpType": DNS_RECORDS[one.vpc_endpoint_type]}),
    )
    add(VPCEndPoint, "requester_managed", False)
    add(VPCEndPoint, "state", property(_state, lambda one, state: one.__dict__.update(set_state=state)))
    add(VPCEndPoint, "service_region", property(lambda one: one.ec2_backend.region_name))  # recorded


def _create(original: Any, response: Any) -> Any:
    """Create an endpoint, of type Gateway if none is named (EC2 API reference)."""
    kind = response._get_param("VpcEndpointType") or GATEWAY
    check_endpoint(response.ec2_backend, response.params, kind)
    response.params = {**response.params, "VpcEndpointType": kind}
    return original(response)


def _make(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    """Create an endpoint with the VPC's default group, if none is named (recorded), on its interfaces."""
    endpoint = original(ec2, *args, **kwargs)
    if endpoint.vpc_endpoint_type == INTERFACE:
        default = ec2.get_default_security_group(endpoint.vpc_id)
        endpoint.security_group_ids = endpoint.security_group_ids or ([default.id] if default else [])
    else:
        endpoint.private_dns_enabled = False
    for eni_id in endpoint.network_interface_ids:
        _adopt(ec2, endpoint, ec2.enis[eni_id])
    if endpoint.vpc_endpoint_type == INTERFACE:
        _follow_subnets(ec2, endpoint)
        endpoint.settles_at = current().clock.now() + current().profile.endpoint
    return endpoint


def _state(endpoint: Any) -> str:
    """Return the state: pending until its interfaces are ready, and deleting until it is gone."""
    if is_going(endpoint):
        return "deleting"
    settled = current().clock.now() >= getattr(endpoint, "settles_at", 0)
    return str(endpoint.set_state) if settled else "pending"


def _adopt(ec2: Any, endpoint: Any, eni: Any) -> None:
    description = f"VPC Endpoint Interface {endpoint.id}"
    adopt_interface(ec2, eni, owner="amazon-vpce", kind="vpc_endpoint", description=description)


def _follow_subnets(ec2: Any, endpoint: Any) -> None:
    """Give an endpoint one interface in each of its subnets, with its groups, and its names."""
    held = {ec2.enis[eni_id].subnet.id: ec2.enis[eni_id] for eni_id in endpoint.network_interface_ids}
    wanted = list(dict.fromkeys(endpoint.subnet_ids or ()))
    for subnet_id in set(held) - set(wanted):
        release_interface(held.pop(subnet_id))
    for subnet_id in (one for one in wanted if one not in held):
        held[subnet_id] = ec2.create_network_interface(ec2.get_subnet(subnet_id), random_private_ip())
        _adopt(ec2, endpoint, held[subnet_id])
    endpoint.network_interface_ids = [held[subnet_id].id for subnet_id in wanted]
    for eni in held.values():
        eni._group_set = [find(ec2, group_id) for group_id in endpoint.security_group_ids]
    name_endpoint(ec2, endpoint)


def _modify(original: Any, response: Any) -> Any:
    """Change an endpoint, with the routes to it that moto leaves as they are."""
    ec2, endpoint = response.ec2_backend, _find_endpoint(response)
    vpc, added = ec2.vpcs[endpoint.vpc_id], response._get_param("AddRouteTableIds", [])
    new = [table_id for table_id in added if table_id not in endpoint.route_table_ids]
    check_policy(response._get_param("PolicyDocument"))
    check_tables(ec2, vpc, endpoint.service_name, new)
    if added_subnets := response._get_param("AddSubnetIds", []):  # a zone of one that goes is not free yet
        check_subnets(ec2, vpc, list(dict.fromkeys([*(endpoint.subnet_ids or []), *added_subnets])))
    for group_id in response._get_param("AddSecurityGroupIds", []):
        if find(ec2, group_id) is None:
            raise GROUP.refuse(group_id)
    if response._get_param("PrivateDnsEnabled") is not None:
        if response._get_param("PrivateDnsEnabled") and not endpoint.private_dns_enabled:
            check_private_names(ec2, vpc, endpoint.service_name)
        endpoint.private_dns_enabled = response._get_param("PrivateDnsEnabled")
    if response._get_param("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    target = {"gateway_id": endpoint.id, "destination_prefix_list_id": endpoint.destination_prefix_list_id}
    for table_id in new:
        ec2.create_route(table_id, None, **target)
    for table_id in response._get_param("RemoveRouteTableIds", []):
        ec2.delete_route(table_id, endpoint.destination_prefix_list_id)
    answer = original(response)
    if endpoint.vpc_endpoint_type == INTERFACE:
        _follow_subnets(ec2, endpoint)
    return answer


def _describe(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    """Describe endpoints, also those that are being deleted."""
    present_endpoints(ec2)
    return original(ec2, *args, **kwargs)


def _find_endpoint(response: Any) -> Any:
    own_id = response._get_param("VpcEndpointId")
    present_endpoints(response.ec2_backend)
    endpoint = find(response.ec2_backend, own_id)
    if endpoint is None or is_going(endpoint):
        raise ENDPOINT.refuse(own_id)
    return endpoint


def _delete(_original: Any, response: Any) -> Any:
    """Delete endpoints, and answer with those that there are not. They go later, and their interfaces."""
    ec2, unsuccessful = response.ec2_backend, []
    present_endpoints(ec2)
    for own_id in response._get_param("VpcEndpointIds", []):
        endpoint = ec2.vpc_end_points.get(own_id)
        if endpoint is None:
            message = f"The Vpc Endpoint Id '{own_id}' does not exist"
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": own_id, "Error": error})
            continue
        if is_going(endpoint):
            continue
        lasts = current().profile.endpoint if endpoint.vpc_endpoint_type == INTERFACE else 0
        endpoint.gone_at = current().clock.now() + lasts
        for eni_id in endpoint.network_interface_ids:
            release_interface(ec2.enis[eni_id])
        for table_id in endpoint.route_table_ids if endpoint.destination_prefix_list_id else ():
            ec2.delete_route(table_id, endpoint.destination_prefix_list_id)
    return ActionResult({"Unsuccessful": unsuccessful})
