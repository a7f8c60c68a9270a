"""What cannot coexist with its successor is deleted first, by an edge of the plan and not by AWS's refusal."""

from typing import Any

import pytest
from crash import platforms

from desired_state.network import FlowLogs, Network, Tier
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.references import Ref
from reconciler.model.spec import Live, Spec, parts
from reconciler.plan import plan
from reconciler.resources import KINDS

NETWORK = Network(
    subnets={"public": Tier(), "private": Tier()},
    endpoints=("s3", "logs"),
    nat="one",
    ipv6=True,
    flow_logs=FlowLogs(),
)
PLATFORM = platforms.default().model_copy(update={"network": NETWORK})
FILE = blueprint(PLATFORM, Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b")))
DESIRED = {str(address): spec for address, spec in parts(FILE).items()}
SERVICE = "svc-api-gateway-crash"


def old(address: str, **fields: Any) -> Live[Any]:
    """Return a live resource of ours that differs from the desired one in these fields."""
    spec = DESIRED[address].model_copy(update=fields)
    return Live(spec, {"id": "old", "arn": "old"}, PLATFORM.stack)


def elsewhere(kind: str) -> Ref:
    """Return a Ref to something outside this plan."""
    return Ref(kind, "elsewhere", by_id=True)


GROUP = DESIRED["target_group.tg-api-gateway-crash"]
OLD = {
    "ecs_service": (f"ecs_service.{SERVICE}", {"name": f"{SERVICE} (draining)", "aws_name": SERVICE}),
    "scalable_target": (f"scalable_target.{SERVICE}", {"cluster": elsewhere("ecs_cluster")}),
    "target_group": (str(GROUP.address), {"vpc": elsewhere("vpc"), "aws_name": GROUP.physical_name}),
    "load_balancer": ("load_balancer.alb-crash", {"scheme": "internal"}),
    "cloud_map_service": ("cloud_map_service.api-gateway", {"routing": "WEIGHTED"}),
    "vpc": ("vpc.vpc-crash", {"cidr": "10.9.0.0/16"}),
    "subnet": ("subnet.subnet-public-1-crash", {"zone": "us-east-1f"}),
    "vpc_endpoint": ("vpc_endpoint.vpce-logs-crash", {"name": "vpce-former-crash", "type": "Gateway"}),
    "nat_gateway": ("nat_gateway.nat-1-crash", {"subnet": elsewhere("subnet")}),
    "egress_only_internet_gateway": (
        "egress_only_internet_gateway.eigw-crash",
        {"name": "eigw-former-crash"},
    ),
    "flow_log": ("flow_log.flow-logs-crash", {"traffic": "REJECT"}),
    "listener": ("listener.alb-crash-http", {"name": "alb-crash-former"}),
    "listener_rule": ("listener_rule.alb-crash-http-api-gateway", {"name": "alb-crash-http-former"}),
}


def test_every_kind_that_clashes_is_tried():
    assert OLD.keys() == {name for name, kind in KINDS.items() if kind.relations.clashes}


@pytest.mark.parametrize(("address", "fields"), OLD.values(), ids=OLD)
def test_the_old_one_leaves_before_the_new_one_comes(address: str, fields: dict[str, Any]):
    desired: Spec = DESIRED[address]
    todo = plan(KINDS, FILE, [old(address, **fields)], PLATFORM.stack, FILE)
    changes = {change.key: change for change in todo.changes}
    (leaves,) = [change for change in todo.changes if change.want is None]
    assert leaves.key in changes[str(desired.address)].after
