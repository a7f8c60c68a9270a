"""Where a load balancer is: its subnets, security groups, address type, and an interface in each subnet."""

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import AvailabilityZone, ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.ec2.interfaces import attach_interface, release_interface
from reconciler.sandbox.elbv2.load_balancer_attributes import reset_attributes
from reconciler.sandbox.elbv2.load_balancer_checks import (
    check_groups,
    check_placement,
    check_space,
    find_subnets,
)
from reconciler.sandbox.elbv2.refusals import invalid, misconfigured, refuse
from reconciler.sandbox.world import add, wrap

TYPES = {
    "application": ("ipv4", "dualstack", "dualstack-without-public-ipv4"),
    "network": ("ipv4", "dualstack"),
}


def install() -> None:
    wrap(ELBv2Backend, "set_security_groups", _set_security_groups)
    wrap(ELBv2Backend, "set_subnets", _set_subnets)
    wrap(ELBv2Backend, "set_ip_address_type", _set_ip_address_type)
    wrap(ELBV2Response, "set_security_groups", _answer_with_groups)
    wrap(ELBV2Response, "set_subnets", _answer_with_subnets)
    add(AvailabilityZone, "load_balancer_addresses", [])


def balancer_of(elb: Any, arn: str) -> Any:
    """Return the load balancer. Raises LoadBalancerNotFound."""
    if arn not in elb.load_balancers:
        refuse("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    return elb.load_balancers[arn]


def update_interfaces(elb: Any, balancer: Any) -> None:
    """Give the load balancer one interface in each of its subnets, with its security groups."""
    wanted = {subnet.id for subnet in balancer.subnets}
    for subnet_id in set(balancer.interfaces) - wanted:
        release_interface(balancer.interfaces.pop(subnet_id))
    for subnet_id in sorted(wanted - set(balancer.interfaces)):
        balancer.interfaces[subnet_id] = attach_interface(
            elb.ec2_backend,
            subnet_id,
            balancer.security_groups,
            description=f"ELB {balancer.arn.partition(':loadbalancer/')[2]}",
            owner="amazon-elb",
            public=balancer.scheme == "internet-facing",
        )
    for eni in balancer.interfaces.values():
        eni._group_set = [elb.ec2_backend.get_security_group_from_id(g) for g in balancer.security_groups]


def _set_security_groups(_original: Any, elb: Any, arn: str, sec_groups: list[str]) -> None:
    balancer = balancer_of(elb, arn)
    if balancer.type == "network" and not balancer.security_groups:
        misconfigured(
            "You cannot set security groups on a Network Load Balancer which was created without any security groups."
        )
    if not sec_groups:
        invalid("At least one security group must be specified")
    check_groups(elb, sec_groups, balancer.vpc_id)
    balancer.security_groups = sec_groups
    update_interfaces(elb, balancer)


def _set_subnets(_original: Any, elb: Any, arn: str, subnets: list[str], mappings: list[Any]) -> Any:
    """Replace the subnets. They stay in the VPC; what else the load balancer has is kept."""
    balancer = balancer_of(elb, arn)
    found = find_subnets(elb, subnets, mappings)
    check_placement(found, balancer.type, balancer.ip_address_type)
    if found[0].vpc_id != balancer.vpc_id:
        misconfigured(f"All subnets must belong to the VPC of the load balancer: '{balancer.vpc_id}'")
    check_space([subnet for subnet in found if subnet.id not in balancer.interfaces])
    balancer.subnets = found
    update_interfaces(elb, balancer)
    return [AvailabilityZone(subnet) for subnet in found]


def _set_ip_address_type(_original: Any, elb: Any, arn: str, ip_type: str) -> None:
    balancer = balancer_of(elb, arn)
    check_ip_address_type(balancer.type, balancer.scheme, ip_type)
    check_placement(balancer.subnets, balancer.type, ip_type)
    balancer.ip_address_type = ip_type
    reset_attributes(balancer)


def check_ip_address_type(kind: str, scheme: str, ip_type: str) -> None:
    """Refuse an address type that load balancers of this type and scheme do not have (ELBv2 API reference)."""
    if ip_type not in TYPES[kind] or (ip_type == "dualstack-without-public-ipv4" and scheme == "internal"):
        misconfigured(
            f"IP address type '{ip_type}' is not supported on {scheme} load balancers with type '{kind}'"
        )


def _answer_with_groups(original: Any, response: Any) -> Any:
    """Answer in the member that the API has; moto's name is another, which boto3 does not read."""
    answer = original(response)
    return ActionResult({"SecurityGroupIds": answer.result["SecurityGroups"]})


def _answer_with_subnets(original: Any, response: Any) -> Any:
    """Set the address type too, if it is sent, and tell it."""
    elb, arn, sent = response.elbv2_backend, response._get_param("LoadBalancerArn"), response._get_params()
    answer = original(response)
    if "IpAddressType" in sent:
        elb.set_ip_address_type(arn, sent["IpAddressType"])
    answer.result["IpAddressType"] = elb.load_balancers[arn].ip_address_type
    return answer
