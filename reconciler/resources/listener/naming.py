"""Name listeners in the plan, by their tags or by their port; what the plan does not name, for people."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.resources import elb
from reconciler.resources.listener.spec import Listener
from reconciler.resources.naming import plan_name


def name_listeners(reads: Reads) -> dict[str, str]:
    """Return the names in the plan of the listeners that are ours or have a desired port, by ARN."""
    plan_names, desired = elb.read_plan_names(reads), reads.wanted(Listener)
    present = Counter(plan_names.values())
    desired_at = {(want.load_balancer.name, want.port): name for name, want in desired.items()}
    named = {}
    for listener in elb.list_listeners(reads):
        arn, balancer = listener["ListenerArn"], plan_names.get(listener["LoadBalancerArn"], "")
        desired_here = desired_at.get((balancer, listener["Port"]))
        if name := plan_name(plan_names.get(arn), desired_here, desired, present):
            named[arn] = name
    return named


def format_port(listener: Mapping[str, Any]) -> str:
    """Format the load balancer and port of a listener that has no name in the plan: `alb-dev:9000`."""
    balancer, _, _ = listener["LoadBalancerArn"].rpartition("/")
    return f"{balancer.rpartition('/')[2]}:{listener['Port']}"
