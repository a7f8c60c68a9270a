"""Lag of changed attributes of subnets, VPCs, load balancers and target groups."""

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.responses.subnets import Subnets
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.lag.former import as_before, change, find_former
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(EC2Backend, "modify_subnet_attribute", _modify_subnet)
    wrap(Subnets, "describe_subnets", _describe_subnets)
    wrap(EC2Backend, "modify_vpc_attribute", _modify_vpc)
    wrap(EC2Backend, "describe_vpc_attribute", _describe_vpc_attribute)
    wrap(ELBv2Backend, "modify_load_balancer_attributes", _modify_balancer)
    wrap(ELBv2Backend, "describe_load_balancer_attributes", _describe_balancer_attributes)
    wrap(ELBv2Backend, "modify_target_group_attributes", _modify_group)
    wrap(ELBv2Backend, "modify_target_group", _modify_group)
    wrap(ELBv2Backend, "describe_target_groups", _describe_groups)
    wrap(ELBV2Response, "describe_target_group_attributes", _describe_group_attributes)


def _modify_subnet(original: Any, ec2: Any, subnet_id: str, *args: Any, **kwargs: Any) -> Any:
    subnet = next((s for zone in ec2.subnets.values() for s in zone.values() if s.id == subnet_id), None)
    return change(ec2, "subnet", subnet_id, subnet, lambda: original(ec2, subnet_id, *args, **kwargs))


def _describe_subnets(original: Any, response: Any) -> Any:
    found, ec2 = original(response), response.ec2_backend
    found.result["Subnets"] = [as_before(ec2, "subnet", s.id, s) for s in found.result["Subnets"]]
    return found


def _modify_vpc(original: Any, ec2: Any, vpc_id: str, *args: Any, **kwargs: Any) -> Any:
    vpc = ec2.vpcs.get(vpc_id)
    return change(ec2, "vpc", vpc_id, vpc, lambda: original(ec2, vpc_id, *args, **kwargs))


def _describe_vpc_attribute(original: Any, ec2: Any, vpc_id: str, attr_name: str) -> Any:
    value = original(ec2, vpc_id, attr_name)
    return (find_former(ec2, "vpc", vpc_id) or {}).get(attr_name, value)


def _modify_balancer(original: Any, elb: Any, arn: str, attrs: Any) -> Any:
    return change(elb, "balancer", arn, elb.load_balancers.get(arn), lambda: original(elb, arn, attrs))


def _describe_balancer_attributes(original: Any, elb: Any, arn: str) -> Any:
    attributes = original(elb, arn)
    return (find_former(elb, "balancer", arn) or {}).get("attrs", attributes)


def _modify_group(original: Any, elb: Any, *args: Any, **kwargs: Any) -> Any:
    arn = str(args[0] if args else kwargs.get("target_group_arn", kwargs.get("arn")))
    return change(elb, "group", arn, elb.target_groups.get(arn), lambda: original(elb, *args, **kwargs))


def _describe_groups(original: Any, elb: Any, *args: Any, **kwargs: Any) -> Any:
    return [as_before(elb, "group", group.arn, group) for group in original(elb, *args, **kwargs)]


def _describe_group_attributes(original: Any, response: Any) -> Any:
    found, elb, arn = original(response), response.elbv2_backend, response._get_param("TargetGroupArn")
    found.result["Attributes"] = as_before(elb, "group", arn, elb.target_groups[arn]).attributes
    return found
