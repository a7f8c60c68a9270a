"""The resources of a service that has left the file, or was renamed, still have the service's name."""

import pytest
from crash import platforms
from crash.cloud import cloud, run

from desired_state import Platform
from reconciler.model.plan import Op, Plan
from reconciler.plan.safety import Consent, objections
from reconciler.render.plan_summary import entries
from reconciler.resources import KINDS
from reconciler.sandbox import CALM

CONSENT = Consent(yes=True, replace=True)
PARTS = {
    "ecr_repository.ecr-repo-market-data-crash",
    "iam_role.ecs-task-market-data-crash",
    "log_group./aws/ecs/market-data-crash",
    "log_group./aws/ecs/xray-market-data-crash",
    "task_definition.task-market-data-crash",
    "cloud_map_service.market-data",
    "ecs_service.svc-market-data-crash",
    "scalable_target.svc-market-data-crash",
}


def without_market_data() -> Platform:
    default = platforms.default()
    return default.model_copy(
        update={"services": {n: s for n, s in default.services.items() if n != "market-data"}}
    )


def protected(platform: Platform) -> Platform:
    guarded = platform.services["market-data"].model_copy(update={"protect": True})
    return platform.model_copy(update={"services": {**platform.services, "market-data": guarded}})


def deleted_under(plan: Plan, heading: str) -> set[str]:
    return {str(e.change.address) for e in entries(plan)[heading] if e.change.op is Op.DELETE}


@pytest.fixture
def built():
    with cloud(CALM) as clock:
        assert run(protected(platforms.default()), clock).clean
        yield clock


def test_the_parts_of_a_service_that_has_left_the_file_stand_under_its_name(built):
    plan = run(without_market_data(), built).todo
    assert deleted_under(plan, "service market-data") == PARTS


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [
        (without_market_data(), "put it back into the file with `protect: false`"),
        (
            platforms.default().model_copy(update={"suffix": "elsewhere"}),
            "its names in AWS have changed: set `protect",
        ),
    ],
    ids=["left the file", "another suffix"],
)
def test_a_protected_service_is_named_and_nothing_of_it_goes(built, platform: Platform, remedy: str):
    plan = run(platform, built).todo
    (objection,) = objections(KINDS, plan, CONSENT, asks=True)
    assert objection.startswith("service market-data: is protected: ")
    assert remedy in objection
