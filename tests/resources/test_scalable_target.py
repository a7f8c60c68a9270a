from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from moto.backends import get_backend
from services import CLUSTER, SERVICE, platform, scaling, service, tracking
from support import Counted, calls, client, differences, live_of, look, make, see, settle

from reconciler.model.references import Ref, Text
from reconciler.model.spec import Live
from reconciler.plan.matching import diff
from reconciler.render.change_text import format_difference
from reconciler.render.differences import find_differences
from reconciler.resources.ecs_service import KIND as SERVICES
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.scalable_target import KIND, ScalableTarget, from_aws
from reconciler.resources.scalable_target.parameters import SUSPENDED_STATES

ID = f"service/{CLUSTER}/{SERVICE}"
AT = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount", "ResourceId": ID}
WHICH = Text("service/{}/{}", (Ref("ecs_cluster", CLUSTER), Ref("ecs_service", SERVICE)))
ALL_SUSPENDED = tuple(SUSPENDED_STATES.values())
CPU, MEMORY = f"cpu-{SERVICE}", f"memory-{SERVICE}"
TOLD = {**AT, "MinCapacity": 1, "MaxCapacity": 10, "RoleARN": "arn:aws:iam::1:role/aws-service-role/x"}


def policy(name: str = CPU, metric: str = "ECSServiceAverageCPUUtilization", **told: Any) -> dict[str, Any]:
    body = {"TargetValue": 70.0, "PredefinedMetricSpecification": {"PredefinedMetricType": metric}, **told}
    return {
        **AT,
        "PolicyName": name,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": body,
        "Alarms": [{"AlarmName": f"TargetTracking-{ID}", "AlarmARN": "arn:alarm"}],
    }


def live(**fields: Any) -> Live[ScalableTarget]:
    return Live(scaling(**fields), {"id": ID})


def test_a_target_is_told_by_its_range_and_policies():
    told = from_aws(TOLD, [policy(ScaleInCooldown=60, ScaleOutCooldown=60, DisableScaleIn=False)])
    assert told == ScalableTarget(
        name=SERVICE,
        ecs_service=SERVICE,
        cluster=CLUSTER,
        min_capacity=1,
        max_capacity=10,
        policies={CPU: tracking("cpu", 70)},
    )


def test_cooldowns_that_nobody_set_are_those_of_ecs():
    told = from_aws(TOLD, [policy()]).policies[CPU]
    assert (told.scale_in_cooldown, told.scale_out_cooldown, told.scale_in) == (300, 300, True)


@pytest.mark.parametrize(
    ("raw", "metric"),
    [
        (policy(metric="ALBRequestCountPerTarget"), "requests"),
        (policy(metric="ECSServiceAverageDiskUtilization"), "ECSServiceAverageDiskUtilization"),
        ({**AT, "PolicyName": CPU, "PolicyType": "StepScaling"}, "StepScaling"),
    ],
)
def test_a_policy_of_another_kind_is_told_by_its_metric_or_by_what_aws_calls_it(
    raw: dict[str, Any], metric: str
):
    assert from_aws(TOLD, [raw]).policies[CPU].metric == metric


def test_a_new_target_is_registered_before_its_policies():
    assert [
        (operation, p["ResourceId"], p.get("PolicyName"))
        for operation, p in calls(KIND.ensure(scaling(), None))
    ] == [
        ("register_scalable_target", WHICH, None),
        ("put_scaling_policy", WHICH, CPU),
        ("put_scaling_policy", WHICH, MEMORY),
    ]


def test_only_the_policy_that_differs_is_put():
    wanted = scaling(policies={CPU: tracking("cpu", 50), MEMORY: tracking("memory", 80)})
    [(operation, params)] = calls(KIND.ensure(wanted, live()))
    assert (operation, params["PolicyName"]) == ("put_scaling_policy", CPU)
    assert params["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 50


def test_the_range_alone_is_one_call():
    assert [o for o, _ in calls(KIND.ensure(scaling(max_capacity=20), live()))] == ["register_scalable_target"]


def test_what_is_suspended_goes_on():
    [(operation, params)] = calls(KIND.ensure(scaling(), live(suspended={"scale_in", "scheduled"})))
    assert operation == "register_scalable_target"
    assert params["SuspendedState"] == dict.fromkeys(ALL_SUSPENDED, False)


def test_what_is_suspended_is_shown_one_by_one():
    (field,) = diff(scaling(), live(suspended={"scale_in", "scheduled"}).spec)
    assert [format_difference(d) for d in find_differences((field,), {})] == [
        "suspended: - scale_in",
        "suspended: - scheduled",
    ]


def test_policies_that_nobody_wants_go_before_others_come():
    strange = live(policies={CPU: tracking("StepScaling", 0), "theirs": tracking("memory", 80)})
    asked = [(operation, params["PolicyName"]) for operation, params in calls(KIND.ensure(scaling(), strange))]
    assert asked == [
        ("delete_scaling_policy", CPU),
        ("delete_scaling_policy", "theirs"),
        ("put_scaling_policy", CPU),
        ("put_scaling_policy", MEMORY),
    ]


def by_hand(operation: str, **params: Any) -> None:
    getattr(client("application-autoscaling"), operation)(**AT, **params)


def put(name: str, value: float, metric: str = "ECSServiceAverageCPUUtilization", **told: Any) -> None:
    body = policy(name, metric, TargetValue=value, **told)["TargetTrackingScalingPolicyConfiguration"]
    by_hand(
        "put_scaling_policy",
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=body,
    )


def put_by_strangers(count: int) -> None:
    """Give a service of others this many policies, without calls: a thousand would take long."""
    backend = get_backend("application-autoscaling")["123456789012"]["us-east-1"]
    made = next(iter(backend.policies.values()))
    for number in range(count):
        theirs = copy(made)
        theirs.resource_id, theirs.policy_name = "service/theirs/theirs", f"theirs-{number}"
        backend.policies[theirs.policy_name] = theirs


WANTED = platform(scaling())


@pytest.mark.usefixtures("aws")
class TestOnAws:
    def test_it_is_made_and_nothing_is_left_to_do_and_it_is_removed(self):
        assert f"create scalable_target.{SERVICE}" in settle(WANTED)
        assert f"delete scalable_target.{SERVICE}" in settle([], WANTED)
        assert look(WANTED) == []

    @pytest.mark.parametrize(
        ("field", "drift"),
        [
            ("min_capacity", lambda: by_hand("register_scalable_target", MinCapacity=2)),
            ("max_capacity", lambda: by_hand("register_scalable_target", MaxCapacity=20)),
            (
                "suspended",
                lambda: by_hand("register_scalable_target", SuspendedState=dict.fromkeys(ALL_SUSPENDED, True)),
            ),
            (
                "suspended",
                lambda: by_hand("register_scalable_target", SuspendedState={"DynamicScalingInSuspended": True}),
            ),
            ("policies", lambda: put(CPU, 10)),
            ("policies", lambda: put(CPU, 70, ScaleInCooldown=1, ScaleOutCooldown=60)),
            (
                "policies",
                lambda: put(CPU, 70, ScaleInCooldown=60, ScaleOutCooldown=60, DisableScaleIn=True),
            ),
            ("policies", lambda: by_hand("delete_scaling_policy", PolicyName=MEMORY)),
        ],
    )
    def test_drift_is_found_and_put_right(self, field: str, drift: Callable[[], None]):
        settle(WANTED)
        drift()
        assert differences(see(WANTED)) == {f"scalable_target.{SERVICE}": [field]}
        settle(WANTED)

    def test_a_policy_that_somebody_else_put_is_deleted(self):
        only_cpu = platform(scaling(policies={CPU: tracking("cpu", 70)}))
        settle(only_cpu)
        put("theirs", 10, "ECSServiceAverageMemoryUtilization")
        settle(only_cpu)
        assert list(live_of(KIND, only_cpu)[0].spec.policies) == [CPU]

    def test_a_deregistered_target_comes_back_with_its_policies(self):
        settle(WANTED)
        by_hand("deregister_scalable_target")
        assert settle(WANTED) == [f"create scalable_target.{SERVICE}"]

    def test_it_is_made_again_after_its_service_without_consent_to_a_replacement(self):
        settle(WANTED)
        client("ecs").delete_service(cluster=CLUSTER, service=SERVICE, force=True)
        assert not any(change.replaces for change in see(WANTED).changes)
        assert settle(WANTED) == [f"create ecs_service.{SERVICE}", f"create scalable_target.{SERVICE}"]
        assert set(live_of(KIND, WANTED)[0].spec.policies) == {CPU, MEMORY}

    def test_it_goes_before_its_service(self):
        settle(WANTED)
        after = {change.address.kind: change for change in see([], WANTED).changes}
        assert after["scalable_target"].key in after["ecs_service"].after

    def test_a_service_without_scaling_loses_its_target_and_stays(self):
        settle(WANTED)
        assert settle(platform(), WANTED) == [f"delete scalable_target.{SERVICE}"]
        assert len(live_of(SERVICES, WANTED)) == 1

    def test_a_target_of_somebody_elses_service_is_theirs(self):
        settle(WANTED)
        arn = live_of(SERVICES, WANTED)[0].outputs["arn"]
        client("ecs").untag_resource(resourceArn=arn, tagKeys=["ecs-reconciler:stack"])
        assert [found.owner for found in live_of(KIND, WANTED)] == [None]

    def test_all_targets_cost_three_calls(self):
        settle(WANTED)
        with Counted() as asked:
            live_of(KIND, WANTED)
        assert (asked["DescribeScalableTargets"], asked["DescribeScalingPolicies"]) == (1, 1)
        assert asked["DescribeScheduledActions"] == 1

    def test_a_thousand_policies_of_others_make_no_more_questions_than_a_few(self):
        names = ["svc-a-dev", "svc-b-dev"]
        fields = {name: value for name, value in service() if name not in ("name", "tags")}
        services = [make(EcsService, name, **fields) for name in names]
        targets = [
            ScalableTarget(**{**dict(scaling()), "name": n, "ecs_service": Ref("ecs_service", n)})
            for n in names
        ]
        settle(wanted := platform(scaling(), *services, *targets))
        questions = []
        for strangers in (0, 3, 20, 1000):
            put_by_strangers(strangers)
            with Counted() as asked:
                assert [len(found.spec.policies) for found in live_of(KIND, wanted)] == [2, 2, 2]
            questions.append(asked["DescribeScalingPolicies"])
        assert questions == [1, 1, 1 + 3, 1 + 3]
