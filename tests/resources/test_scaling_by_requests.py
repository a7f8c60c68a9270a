"""Scaling by requests and by the clock: what is sent, what drifts, and a range that a schedule has set."""

from typing import Any

import pytest
from services import CLUSTER, SERVICE, balanced, platform, scaling, tracking
from support import calls, client, differences, live_of, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.resources.scalable_target import (
    KIND,
    ScheduledAction,
    TargetTracking,
    from_aws,
    requests_to,
)

AT = {
    "ServiceNamespace": "ecs",
    "ScalableDimension": "ecs:service:DesiredCount",
    "ResourceId": f"service/{CLUSTER}/{SERVICE}",
}
NIGHT = ScheduledAction(schedule="cron(0 22 * * ? *)", timezone="Europe/Berlin", min_capacity=0, max_capacity=2)
REQUESTS = f"requests-{SERVICE}"
LABEL = requests_to(
    Ref("load_balancer", "alb-dev", "dimension"), Ref("target_group", "tg-api-dev", "dimension")
)


def scaled(**fields: Any) -> Any:
    policies = {f"cpu-{SERVICE}": tracking("cpu", 70)}
    return scaling(**{"policies": policies, "schedules": {"night": NIGHT}, **fields})


def by_hand(operation: str, **params: Any) -> None:
    getattr(client("application-autoscaling"), operation)(**AT, **params)


def test_a_schedule_is_put_with_its_range_and_zone_and_only_where_it_differs():
    live = Live(scaled(schedules={}), {"id": "x"})
    [(operation, params)] = calls(KIND.ensure(scaled(), live))
    assert operation == "put_scheduled_action"
    assert params["ScheduledActionName"] == "night"
    assert (params["Schedule"], params["Timezone"]) == ("cron(0 22 * * ? *)", "Europe/Berlin")
    assert params["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 2}
    assert not calls(KIND.ensure(scaled(), Live(scaled(), {"id": "x"})))


def test_what_aws_leaves_out_of_a_schedule_is_utc_and_no_change_of_a_bound():
    target = {**AT, "MinCapacity": 1, "MaxCapacity": 10}
    action = {
        "ScheduledActionName": "x",
        "Schedule": "rate(1 hour)",
        "ScalableTargetAction": {"MaxCapacity": 3},
    }
    assert from_aws(target, [], [action]).schedules == {
        "x": ScheduledAction(schedule="rate(1 hour)", max_capacity=3)
    }


@pytest.mark.usefixtures("aws")
class TestOnAws:
    def test_requests_of_the_services_own_group_are_followed_and_nothing_is_left_to_do(self):
        policy = TargetTracking(metric="requests", target=1000, label=LABEL)
        wanted = balanced(scaling(policies={REQUESTS: policy}))
        settle(wanted)
        (told,) = client("application-autoscaling").describe_scaling_policies(ServiceNamespace="ecs")[
            "ScalingPolicies"
        ]
        metric = told["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"]
        assert metric["PredefinedMetricType"] == "ALBRequestCountPerTarget"
        assert metric["ResourceLabel"].startswith("app/alb-dev/")
        other = policy.model_copy(update={"target": 500})
        assert settle(balanced(scaling(policies={REQUESTS: other}))) == [f"update scalable_target.{SERVICE}"]

    @pytest.mark.parametrize(
        "drift",
        [
            lambda: by_hand("delete_scheduled_action", ScheduledActionName="night"),
            lambda: by_hand("put_scheduled_action", ScheduledActionName="night", Schedule="cron(0 1 * * ? *)"),
            lambda: by_hand(
                "put_scheduled_action",
                ScheduledActionName="theirs",
                Schedule="rate(1 hour)",
                ScalableTargetAction={"MinCapacity": 3},
            ),
        ],
    )
    def test_drift_of_schedules_is_found_and_put_right(self, drift):
        settle(wanted := platform(scaled()))
        drift()
        assert differences(see(wanted)) == {f"scalable_target.{SERVICE}": ["schedules"]}
        settle(wanted)
        assert live_of(KIND, wanted)[0].spec.schedules == {"night": NIGHT}

    def test_a_range_that_a_schedule_has_set_is_no_drift_and_any_other_is(self):
        settle(wanted := platform(scaled()))
        by_hand("register_scalable_target", MinCapacity=0, MaxCapacity=2)
        assert see(wanted).changes == ()
        by_hand("register_scalable_target", MinCapacity=0, MaxCapacity=3)
        assert differences(see(wanted)) == {f"scalable_target.{SERVICE}": ["min_capacity", "max_capacity"]}

    def test_schedules_that_leave_the_file_go(self):
        settle(platform(scaled()))
        assert settle(platform(scaled(schedules={}))) == [f"update scalable_target.{SERVICE}"]
        told = client("application-autoscaling").describe_scheduled_actions(ServiceNamespace="ecs")
        assert told["ScheduledActions"] == []
