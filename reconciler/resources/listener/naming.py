"""Name listeners in the plan, by their tags or by their port; what the plan does not name, for people."""

from collections.abc import Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.resources import elb
from reconciler.resources.listener.spec import Listener


def name_listeners(reads: Reads) -> dict[str, str]:
    """Return the names in the plan of all listeners, by ARN.

    One becomes the desired one at its port: what clients reach there changes in place, and AWS would refuse a
    second one. One of ours at another port is what its tags say, and moves, unless the one at its new port is.
    """
    plan_names, listeners = elb.read_plan_names(reads), elb.list_listeners(reads)
    desired_at = {
        (want.load_balancer.name, want.port): name for name, want in reads.desired.of(Listener).items()
    }
    named = {}
    for listener in listeners:
        place = plan_names.get(listener["LoadBalancerArn"], ""), listener["Port"]
        if name := desired_at.get(place):
            named[listener["ListenerArn"]] = name
    taken = {name for arn, name in named.items() if arn in plan_names}
    for listener in listeners:
        own = plan_names.get(arn := listener["ListenerArn"])
        named.setdefault(arn, own if own and own not in taken else format_port(listener))
    return named


def format_port(listener: Mapping[str, Any]) -> str:
    """Format the load balancer and port of a listener that has no name in the plan: `alb-dev:9000`."""
    balancer, _, _ = listener["LoadBalancerArn"].rpartition("/")
    return f"{balancer.rpartition('/')[2]}:{listener['Port']}"
