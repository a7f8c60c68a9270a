"""An application load balancer in a VPC of others, with listeners."""

from collections.abc import Mapping
from typing import Any

from moto.ec2 import ec2_backends
from moto.elbv2 import elbv2_backends
from moto.elbv2 import models as elb_models

from reconciler.sandbox.elbv2.listener_attributes import reset_attributes
from reconciler.sandbox.elbv2.listeners import complete_settings, keep_settings
from reconciler.sandbox.lag.freshness import settle
from reconciler.sandbox.planted.network import find_vpc, next_id

NOT_FOUND = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
FIRST_PORT = 80  # no file says which ports the listeners of others have


def plant_load_balancer(part: Mapping[str, Any], account: str, region: str) -> None:
    """Make the load balancer, if its VPC is there, and its listeners, which answer with 404 by default."""
    elb, arn = elbv2_backends[account][region], part["arn"]
    vpc = find_vpc(ec2_backends[account][region], part["vpc"])
    if vpc and arn not in elb.load_balancers:
        _make_load_balancer(elb, arn, vpc)
    for listener in part["listeners"] if arn in elb.load_balancers else ():
        _make_listener(elb, elb.load_balancers[arn], listener)


def _make_load_balancer(elb: Any, arn: str, vpc: str) -> None:
    every = (subnet for zone in elb.ec2_backend.subnets.values() for subnet in zone.values())
    by_zone = {subnet.availability_zone: subnet.id for subnet in every if subnet.vpc_id == vpc}
    name = arn.split("/")[2]
    group = elb.ec2_backend.create_security_group(f"balancer-{name}", "Of a load balancer", vpc).id
    settle(elb.ec2_backend, group, *by_zone.values())
    with next_id(elb_models, "make_arn_for_load_balancer", arn):
        elb.create_load_balancer(name=name, security_groups=[group], subnet_ids=sorted(by_zone.values()))


def _make_listener(elb: Any, balancer: Any, arn: str) -> None:
    if arn not in balancer.listeners:
        port = FIRST_PORT + len(balancer.listeners)
        sent = {"Port": port, "Protocol": "HTTP", "DefaultActions": [NOT_FOUND]}
        settings = complete_settings(elb, balancer, sent)
        listener = elb_models.FakeListener(balancer.arn, arn, "HTTP", str(port), "", None, [], None)
        keep_settings(listener, settings)
        reset_attributes(listener, {})
        balancer.listeners[arn] = listener
