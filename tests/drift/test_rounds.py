"""A round beside an apply: right after one, while one is under way, and while a rollout is."""

from dataclasses import replace
from typing import Any

from crash.cloud import cloud, drift_of, run
from crash.holding import hold
from crash.strategies import load_platform
from support import SMALL, Counted, client, connection
from yaml import safe_load

from desired_state import Platform
from reconciler.look_again import WINDOW, WORDS
from reconciler.sandbox import CALM

LAGGING = replace(CALM, name="lagging", lag=8)
SLOW = replace(CALM, name="slow", task_start=30)
IMAGE = {"uri": "public.ecr.aws/nginx/nginx:1.27"}  # which no plan waits for


def platform(**changes: Any) -> Platform:
    file = safe_load(SMALL) | {"environment": "crash", "services": {"web": {"image": IMAGE}}}
    return load_platform({**file, "load_balancer": {**file["load_balancer"], **changes}})


def test_what_aws_tells_too_late_after_an_apply_is_no_drift():
    with cloud(LAGGING) as clock:
        assert run(platform(), clock).clean
        clock.advance(60)
        assert run(platform(idle_timeout=90), clock).clean
        before, words = clock.now(), list[str]()
        assert drift_of(platform(idle_timeout=90), clock, words.append).drift == ()
        assert words == [WORDS]
        assert 0 < clock.now() - before < WINDOW


def test_a_run_that_holds_the_lease_is_told():
    with cloud(CALM) as clock:
        assert run(platform(), clock).clean
        with hold(connection(), platform().stack, "apply", clock):
            (remark,) = drift_of(platform(), clock).remarks
        assert remark.words.startswith("apply of ")
        assert not drift_of(platform(), clock).remarks


def test_a_rollout_under_way_is_told_and_is_no_drift():
    with cloud(SLOW) as clock:
        assert run(platform(), clock).clean
        clock.advance(60)
        client("ecs").update_service(
            cluster="ecs-cluster-crash", service="svc-web-crash", forceNewDeployment=True
        )
        report = drift_of(platform(), clock)
        assert report.drift == ()
        assert [r.words for r in report.remarks] == ["a rollout is under way"]


def test_a_job_that_looks_again_soon_may_believe_the_index_of_tags_that_are_as_desired():
    with cloud(CALM) as clock:
        assert run(platform(), clock).clean
        clock.advance(60)
        for directly, asked in ((True, 3), (False, 0)):
            with Counted() as calls:
                assert drift_of(platform(), clock, directly=directly).clean
            assert calls["ListTagsForResource"] == asked
        group = "/aws/ecs/web-crash"
        client("logs").put_retention_policy(logGroupName=group, retentionInDays=1)
        client("logs").untag_log_group(logGroupName=group, tags=["ecs-reconciler:service"])
        found = drift_of(platform(), clock, directly=False).drift
        assert {d.path for d in found} == {"retention_days", "tags.ecs-reconciler:service"}
