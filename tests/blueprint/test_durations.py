from typing import Any

import pytest

from desired_state.container import ContainerHealthCheck
from desired_state.deployment import Deployment
from desired_state.service import Scaling, Service
from desired_state.traffic import HealthCheck, Route
from reconciler.blueprint.durations import settles_within, stops_within

ROUTED = Service(routes=(Route(priority=1, paths=("/",)),), deregistration_delay=30)


def also(**fields: Any) -> Service:
    return ROUTED.model_copy(update=fields)


def test_requests_may_end_before_a_service_has_stopped():
    assert stops_within(also(deregistration_delay=3600)) - stops_within(ROUTED) == 3570


def test_a_delay_counts_only_behind_a_load_balancer():
    assert stops_within(Service(deregistration_delay=3600)) == stops_within(Service(deregistration_delay=0))


@pytest.mark.parametrize(
    "slower",
    [
        {"deregistration_delay": 3600},
        {"health_check": HealthCheck(grace_period=1800)},
        {"health_check": HealthCheck(interval=300)},
        {"health_check": HealthCheck(unhealthy=10, interval=60)},
        {"container_health_check": ContainerHealthCheck(command=("CMD", "x"), start_period=300)},
        {"deployment": Deployment(maximum_percent=110), "scaling": Scaling(max=100)},
        {"deployment": Deployment(maximum_percent=100, minimum_healthy_percent=75), "desired_count": 40},
    ],
)
def test_whatever_makes_a_deployment_slower_gives_it_more_time(slower: dict[str, Any]):
    assert settles_within(also(**slower)) > settles_within(ROUTED)


def test_a_deployment_may_wait_for_the_last_request_of_every_round():
    slow = also(
        deregistration_delay=3600,
        desired_count=10,
        deployment=Deployment(maximum_percent=110, minimum_healthy_percent=100),
    )
    assert settles_within(slow) > 10 * 3600


def test_a_usual_service_is_not_waited_for_longer_than_an_hour():
    assert settles_within(ROUTED) < 3600
