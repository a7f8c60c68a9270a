"""Network load balancers, with their listeners and target groups."""

from typing import Any

import pytest
from balancing import DELAY, balancer, group, id_of, listener, zones
from support import act, calls, client, differences, live_of, see, settle

from reconciler.model.references import Address, Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Later, split_parts
from reconciler.resources import listener as listeners
from reconciler.resources import load_balancer
from reconciler.resources.listener import SSL_POLICY, Forward, Listener, OtherAction
from reconciler.resources.load_balancer import CROSS_ZONE
from reconciler.resources.target_group import HealthCheck, TargetGroup, can_share_tasks, interrupts

pytestmark = pytest.mark.usefixtures("aws")
SERVICE = Address("ecs_service", "svc-api-dev")
OLD, GROUP = Ref("target_group", "arn:old", by_id=True), Ref("target_group", "tg-api-dev")
CONNECTS = HealthCheck(interval=30, timeout=10, healthy=2, unhealthy=3, protocol="TCP")


def nlb(**fields: object) -> Spec:
    return balancer(type="network", attributes={CROSS_ZONE: "true"}, **fields)


def tcp_group(name: str = GROUP.name, **fields: object) -> TargetGroup:
    given = {"protocol": "TCP", "port": 5432, "health_check": CONNECTS, "attributes": {DELAY: "30"}}
    return group(name, **{**given, **fields})


def tcp(to: Ref = GROUP, **fields: object) -> Listener:
    given = {"protocol": "TCP", "port": 5432, "default": Forward(target_group=to)}
    return listener("nlb-dev-postgres", **{**given, **fields})


def whole(*groups: TargetGroup, to: Ref = GROUP, **fields: object) -> list[Any]:
    return [*zones(), nlb(), *(groups or [tcp_group()]), tcp(to, **fields)]


def test_it_is_made_with_its_group_and_forwards_and_nothing_is_left_to_do():
    made = settle(whole())
    assert {"create load_balancer.alb-dev", "create listener.nlb-dev-postgres"} <= {*made}
    (live,) = live_of(load_balancer.KIND, whole())
    assert live.outputs["id"].split(":loadbalancer/")[1].startswith("net/alb-dev/")
    assert live.outputs["dimension"].startswith("net/alb-dev/")
    assert (live.spec.type, len(live.spec.security_groups), live.spec.groupless) == ("network", 1, False)
    (door,) = live_of(listeners.KIND, whole())
    assert list(door.spec.weights.values()) == [1]
    settle([], file=whole())


def test_what_a_new_one_has_anyway_is_not_sent():
    same = balancer(type="network", attributes={CROSS_ZONE: "false", "deletion_protection.enabled": "false"})
    steps = load_balancer.KIND.ensure(same, None)
    assert [operation for operation, _ in calls(steps)] == ["create_load_balancer"]


def test_one_without_groups_is_replaced_as_none_can_be_given_to_it():
    subnets = [id_of(spec) for spec in zones()[2:4]] if settle(zones()) else []
    owner = nlb().tags
    client("elbv2").create_load_balancer(
        Name="alb-dev", Type="network", Subnets=subnets, Tags=[{"Key": k, "Value": v} for k, v in owner.items()]
    )
    todo = see([*zones(), nlb()])
    made = next(change for change in todo.changes if change.replaces)
    assert "connections are cut" in made.interrupts
    assert act(todo).failed == {}
    assert see([*zones(), nlb()]).changes == ()


def test_a_service_over_tcp_or_http_is_checked_so_and_the_check_changes_in_place():
    settle(whole())
    http = CONNECTS.model_copy(update={"protocol": "HTTP", "path": "/health", "port": "8080"})
    for check in (http, CONNECTS):
        assert settle(whole(tcp_group(health_check=check))) == ["update target_group.tg-api-dev"]


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "TCP_UDP"])
def test_every_protocol_is_made_and_read_back(protocol: str):
    check = CONNECTS.model_copy(update={"port": "8080"})
    mine = whole(tcp_group(protocol=protocol, health_check=check), protocol=protocol)
    settle(mine)
    assert see(mine).changes == ()


def test_tls_has_a_certificate_and_a_policy_and_its_group_is_one_of_tcp():
    want = tcp(protocol="TLS", certificate="arn:aws:acm:us-east-1:123456789012:certificate/a")
    ((_, params),) = calls(listeners.KIND.ensure(want, None))
    assert (params["Protocol"], params["SslPolicy"]) == ("TLS", SSL_POLICY)
    plain = Live(tcp(), {"id": "arn"})
    ((_, params),) = calls(listeners.KIND.ensure(want, plain))
    assert params == {
        "ListenerArn": want.ref(),
        "Protocol": "TLS",
        "Certificates": [{"CertificateArn": want.certificate}],
        "SslPolicy": SSL_POLICY,
    }


def parts(live: dict[Ref, int], to: Ref | None, **fields: Any) -> dict[str | None, list[Any]]:
    """Return the calls of each part, given the live weights and the group that gets the connections."""
    idle = frozenset(group for group, weight in live.items() if not weight)
    default = Forward(target_group=to) if to else OtherAction(type="forward to several")
    was = tcp().model_copy(update={"default": default, "weights": live, "idle_groups": idle})
    steps = list(listeners.KIND.ensure(tcp(**{"served_by": SERVICE, **fields}), Live(was, {"id": "arn"})))
    return {mark.what if mark else None: calls(found) for mark, found in split_parts(steps)}


def sent(*weights: tuple[Ref, int]) -> tuple[str, dict[str, Any]]:
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights]
    actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]
    return "modify_listener", {"ListenerArn": tcp().ref(), "DefaultActions": actions}


ALONE = (
    "modify_listener",
    {"ListenerArn": tcp().ref(), "DefaultActions": [{"Type": "forward", "TargetGroupArn": GROUP}]},
)


@pytest.mark.parametrize(
    ("weights", "to", "left"),
    [
        (
            {OLD: 1},
            OLD,
            {
                None: [sent((OLD, 1), (GROUP, 0))],
                "traffic": [sent((OLD, 0), (GROUP, 1))],
                "other groups": [ALONE],
            },
        ),
        (
            {OLD: 1, GROUP: 0},
            OLD,
            {None: [], "traffic": [sent((OLD, 0), (GROUP, 1))], "other groups": [ALONE]},
        ),
        ({OLD: 0, GROUP: 1}, GROUP, {None: [], "other groups": [ALONE]}),
        ({OLD: 1, GROUP: 9}, None, {None: [ALONE]}),
        ({GROUP: 1}, GROUP, {None: []}),
    ],
)
def test_connections_move_in_three_steps_and_go_on_where_they_were(
    weights: dict[Ref, int], to: Ref | None, left: dict[str | None, Any]
):
    assert parts(weights, to) == left


def test_a_move_goes_on_once_a_target_is_healthy_and_back_where_the_service_fails():
    was = tcp(OLD).model_copy(update={"weights": {OLD: 1}})
    _, moves, leaves = split_parts([*listeners.KIND.ensure(tcp(served_by=SERVICE), Live(was, {}))])
    (traffic, (wait, weighed)), (others, _) = moves, leaves
    assert (wait.title, wait.params) == ("elbv2.target_healthy", {"TargetGroupArn": GROUP})
    assert weighed.title == "elbv2.modify_listener"
    assert (traffic.rolled_out, traffic.last, others.rolled_out, others.last) == (SERVICE, False, SERVICE, True)
    ((_, back),) = calls(traffic.otherwise)
    assert back["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": OLD}]


def test_connections_move_at_once_where_nothing_rolls_out():
    assert parts({OLD: 1}, OLD, served_by=None) == {None: [ALONE]}


def test_the_move_says_that_it_is_of_new_connections():
    was = tcp(OLD).model_copy(update={"weights": {OLD: 1}})
    marks = [m for m in listeners.KIND.ensure(tcp(served_by=SERVICE), Live(was, {})) if isinstance(m, Later)]
    assert "gets the new connections once svc-api-dev has rolled out" in marks[0].why


def test_a_group_of_another_protocol_gets_them_at_once_and_the_plan_says_so():
    was = tcp(OLD).model_copy(update={"weights": {OLD: 1}})
    want = tcp(protocol="UDP", served_by=SERVICE)
    ((_, params),) = calls(listeners.KIND.ensure(want, Live(was, {"id": "arn"})))
    assert params["Protocol"] == "UDP"
    said = listeners.KIND.relations.interrupts
    assert said
    assert "connections are refused" in said(want, was)
    assert said(tcp(), was) == ""
    assert "connections are refused" in interrupts(tcp_group(protocol="UDP"), tcp_group())


def test_a_task_passes_a_check_over_tcp_beside_one_over_http_of_the_same_port():
    assert can_share_tasks(group(), tcp_group())
    elsewhere = CONNECTS.model_copy(update={"port": "9000"})
    assert not can_share_tasks(group(), tcp_group(health_check=elsewhere))


def test_another_group_of_ours_takes_over_on_aws():
    other = tcp_group("tg-other-dev")
    settle([*whole(tcp_group(), other)])
    moved = whole(tcp_group(), other, to=other.ref())
    assert differences(see(moved)) == {"listener.nlb-dev-postgres": ["default"]}
    assert settle(moved) == ["update listener.nlb-dev-postgres"]
    assert settle(whole(other, to=other.ref()), file=moved) == ["delete target_group.tg-api-dev"]
