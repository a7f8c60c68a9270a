"""Specs of a load balancer and of what is behind it, for the tests of their types."""

from network import A, B, gateway, subnet, table, vpc
from support import look, make

from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.listener import FixedResponse, Listener
from reconciler.resources.listener_rule import ListenerRule
from reconciler.resources.load_balancer import LoadBalancer
from reconciler.resources.security_group import SecurityGroupWithRules
from reconciler.resources.target_group import HealthCheck, TargetGroup

BALANCER, LISTENER, GROUP, RULE = "alb-dev", "alb-dev-http", "tg-api-dev", "alb-dev-http-api"
IDLE, DELAY = "idle_timeout.timeout_seconds", "deregistration_delay.timeout_seconds"
NOT_FOUND = FixedResponse(status=404, content_type="text/plain", body="Not Found")
HEALTH = HealthCheck(path="/health", interval=30, timeout=5, healthy=2, unhealthy=3, matcher="200")


def zones() -> list[Spec]:
    """Return a network over two zones, as a load balancer needs it."""
    second = subnet(B, "10.0.1.0/24", zone="us-east-1b")
    return [vpc(), gateway(), subnet(), second, table("rtb-a-dev", A, B), security_group()]


def security_group() -> SecurityGroupWithRules:
    return make(SecurityGroupWithRules, BALANCER, vpc=Ref("vpc", "vpc-dev"), description="to the load balancer")


def balancer(**fields: object) -> LoadBalancer:
    given = {
        "vpc": Ref("vpc", "vpc-dev"),
        "subnets": frozenset({Ref("subnet", A), Ref("subnet", B)}),
        "security_groups": frozenset({security_group().ref()}),
        "attributes": {IDLE: "60"},
        "after": frozenset({gateway().ref()}),
    }
    return make(LoadBalancer, BALANCER, **{**given, **fields})


def group(name: str = GROUP, **fields: object) -> TargetGroup:
    given = {"vpc": Ref("vpc", "vpc-dev"), "port": 8080, "health_check": HEALTH, "attributes": {DELAY: "30"}}
    return make(TargetGroup, name, **{**given, **fields})


def listener(name: str = LISTENER, **fields: object) -> Listener:
    given = {"load_balancer": Ref("load_balancer", BALANCER), "port": 80, "protocol": "HTTP"}
    return make(Listener, name, **{**given, "default": NOT_FOUND, **fields})


def rule(name: str = RULE, **fields: object) -> ListenerRule:
    given = {"listener": Ref("listener", LISTENER), "priority": 1, "paths": frozenset({"/api/*", "/"})}
    return make(ListenerRule, name, **{**given, "target_group": Ref("target_group", GROUP), **fields})


def id_of(spec: Spec) -> str:
    """Return the AWS id of the resource that the spec describes."""
    (own_id,) = {live.outputs["id"] for live in look([spec]) if live.spec.address == spec.address}
    return own_id
