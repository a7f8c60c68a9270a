"""What AWS asks of a VPC endpoint: a service that there is, one network, each private name once."""

import json
from collections import Counter
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidServiceName, RouteAlreadyExistsError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, COVERED_ENDPOINT_SERVICES

from reconciler.sandbox.ec2.deleted_endpoints import is_going, present_endpoints
from reconciler.sandbox.ec2.filters import match
from reconciler.sandbox.ec2.ids import GROUP
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add

GATEWAY, INTERFACE = "Gateway", "Interface"
WITH_GATEWAY = (".s3", ".dynamodb")  # ends of the names of services that have gateway endpoints
SERVICES = {*AWS_ENDPOINT_SERVICES, *COVERED_ENDPOINT_SERVICES}  # names after `com.amazonaws.REGION.`


def install() -> None:
    add(EC2Backend, "_filter_endpoint_services", staticmethod(_filter_services))


def check_endpoint(ec2: Any, params: Any, kind: str) -> None:
    """Refuse a new endpoint that AWS refuses."""
    vpc, service = ec2.get_vpc(params.get("VpcId")), str(params.get("ServiceName"))
    if kind not in (GATEWAY, INTERFACE):
        raise EC2ClientError("InvalidVpcEndpointType", f"The VPC endpoint type {kind} is not played")
    own = {configuration.to_dict()["ServiceName"] for configuration in ec2.configurations.values()}
    _, prefix, name = service.rpartition(f"com.amazonaws.{ec2.region_name}.")
    if not (prefix and name in SERVICES) and service not in own:
        raise InvalidServiceName(service)
    if kind == GATEWAY and not service.endswith(WITH_GATEWAY):
        message = f"Endpoint type ({GATEWAY}) does not match available service types ([{INTERFACE}])."
        raise EC2ClientError("InvalidParameter", message)
    check_policy(params.get("PolicyDocument"))
    check_tables(ec2, vpc, service, params.get("RouteTableIds", []))
    check_subnets(ec2, vpc, params.get("SubnetIds", []))
    for group_id in params.get("SecurityGroupIds", []):
        group = find(ec2, group_id)
        if group is None or group.vpc_id != vpc.id:
            raise GROUP.refuse(group_id)
    if kind == INTERFACE and params.get("PrivateDnsEnabled", True) is not False:
        check_private_names(ec2, vpc, service)


def check_policy(document: str | None) -> None:
    try:
        json.loads(document or "{}")
    except ValueError as invalid:
        raise EC2ClientError("InvalidPolicyDocument", "The policy document is no valid JSON") from invalid


def check_tables(ec2: Any, vpc: Any, service: str, table_ids: list[str]) -> None:
    """Refuse tables of another VPC, and one that has an endpoint of the service (eksctl#2510)."""
    for table_id in table_ids:
        if ec2.get_route_table(table_id).vpc_id != vpc.id:
            message = f"route table {table_id} and the endpoint belong to different networks"
            raise EC2ClientError("InvalidParameter", message)
        for endpoint in present_endpoints(ec2):
            there = not is_going(endpoint) and table_id in endpoint.route_table_ids
            if there and endpoint.service_name == service:
                raise RouteAlreadyExistsError(str(endpoint.destination_prefix_list_id))


def check_subnets(ec2: Any, vpc: Any, subnet_ids: list[str]) -> None:
    subnets = [ec2.get_subnet(subnet_id) for subnet_id in subnet_ids]
    for subnet in subnets:
        if subnet.vpc_id != vpc.id:
            message = f"The subnet ID '{subnet.id}' does not exist in the VPC {vpc.id}"
            raise EC2ClientError("InvalidSubnet", message)
    zones = Counter(subnet.availability_zone for subnet in subnets)
    if any(times > 1 for times in zones.values()):
        message = "Found another VPC endpoint subnet in the availability zone"
        raise EC2ClientError("DuplicateSubnetsInSameZone", message)


def check_private_names(ec2: Any, vpc: Any, service: str) -> None:
    """Refuse private names without the VPC's DNS attributes, and a second endpoint's (tfp#17535).

    One that is being deleted keeps its name until it is gone.
    """
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        attributes = "both enableDnsSupport and enableDnsHostnames VPC attributes set to true"
        raise EC2ClientError("InvalidParameter", f"Enabling private DNS requires {attributes} for {vpc.id}")
    for endpoint in present_endpoints(ec2):
        if (endpoint.vpc_id, endpoint.service_name) == (vpc.id, service) and endpoint.private_dns_enabled:
            conflict = f"there is already a conflicting DNS domain for {service} in the VPC {vpc.id}"
            raise EC2ClientError("InvalidParameter", f"private-dns-enabled cannot be set because {conflict}")


def _filter_services(names: list[str], filters: list[Any], services: list[Any]) -> list[Any]:
    """Return the services, of these names if there are any, that pass all filters, which moto misreads."""
    named = [service for service in services if not names or service["ServiceName"] in names]
    for asked in filters:
        named = [one for one in named if match(_service_value(one, asked["Name"]), asked["Values"])]
    return named


def _service_value(service: Any, name: str) -> Any:
    values = {
        "owner": service.get("Owner"),
        "service-name": service["ServiceName"],
        "service-type": [one["ServiceType"] for one in service["ServiceType"]],
        "supported-ip-address-types": service.get("SupportedIpAddressTypes", ["ipv4"]),
        "tag-key": [tag["Key"] for tag in service.get("Tags", [])],
    }
    tags = {f"tag:{tag['Key']}": tag["Value"] for tag in service.get("Tags", [])}
    return values.get(name, tags.get(name))
