"""What a correction leaves alone of a service."""

import pytest

from reconciler.model.references import Ref
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.ecs_service.correcting import (
    CORRECTING,
    OTHERS_DEPLOYED,
    PUSHED,
    RETRIED_BY_APPLY,
    never,
    put_into_range,
)
from reconciler.resources.ecs_service.spec import IN_PROGRESS

WANT = EcsService(
    name="svc-web-dev",
    cluster=Ref("ecs_cluster", "main"),
    task_definition=Ref("task_definition", "task-web-dev"),
    capacity_providers={},
    subnets=frozenset(),
    security_groups=frozenset(),
    images=frozenset({Ref("image", "web@sha256:2", by_id=True)}),
)


def live(**fields: object) -> EcsService:
    return WANT.model_copy(update=fields)


def test_a_rollout_that_is_under_way_is_not_disturbed():
    assert CORRECTING.under_way(live(deployment=IN_PROGRESS)) == "a rollout of it is under way"
    assert CORRECTING.under_way(live()) == ""


@pytest.mark.parametrize("field", ["task_definition", "deployment", "lost_by_tasks", "execute_command"])
def test_nothing_starts_a_revision_again_whose_last_deployment_failed(field: str):
    assert never(live(deployment="FAILED: tasks failed to start"), WANT, field) == RETRIED_BY_APPLY


@pytest.mark.parametrize("field", ["images", "lost_by_tasks", "task_definition"])
def test_nothing_that_starts_tasks_deploys_an_image_that_was_pushed(field: str):
    pushed = frozenset({Ref("image", "web@sha256:1", by_id=True)})
    assert never(live(images=pushed), WANT, field) == PUSHED
    assert never(live(images=None), WANT, field) == ""


def test_a_service_is_not_moved_away_from_a_revision_of_others():
    assert never(live(runs_foreign=True), WANT, "task_definition") == OTHERS_DEPLOYED
    assert never(live(), WANT, "task_definition") == ""


@pytest.mark.parametrize("field", ["desired_count", "circuit_breaker", "tags", "grace_period"])
def test_what_starts_no_tasks_is_put_right_all_the_same(field: str):
    assert never(live(deployment="FAILED: x", runs_foreign=True, images=frozenset()), WANT, field) == ""


def test_more_tasks_than_the_scaling_allows_and_fewer_are_brought_to_its_nearest_end():
    scaled = WANT.model_copy(update={"scaled_between": (2, 5), "desired_count": 3})
    assert [put_into_range(scaled, count).desired_count for count in (0, 2, 4, 9)] == [2, 2, 4, 5]
    unscaled = WANT.model_copy(update={"desired_count": 3})
    assert put_into_range(unscaled, 9) == unscaled


def test_the_revision_of_others_is_no_reason_to_leave_what_else_starts_tasks():
    assert never(live(runs_foreign=True, images=WANT.images), WANT, "execute_command") == ""


def test_without_images_to_compare_none_was_pushed():
    unknown = WANT.model_copy(update={"images": None})
    assert never(live(), unknown, "execute_command") == ""
