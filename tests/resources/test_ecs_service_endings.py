"""ECS services whose deployments fail, and those that drain."""

import pytest
from services import (
    CLUSTER,
    FAMILY,
    LOGS,
    SERVICE,
    container,
    definition,
    described,
    platform,
)
from support import act, calls, client, live_of, look, make, see, settle

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.errors import RolloutFailed
from reconciler.model.plan import Op
from reconciler.model.spec import Spec
from reconciler.resources.ecs_service import KIND
from reconciler.resources.iam_role import IamRole
from reconciler.resources.log_group import LogGroup
from reconciler.sandbox import Clock, Profile, World, install

OLD = "/aws/ecs/old-dev"


def fails(how: str) -> Spec:
    return definition(container(environment={"SANDBOX_FAIL": how}))


@pytest.mark.usefixtures("aws")
class TestRollouts:
    @pytest.mark.parametrize(
        ("how", "reason"),
        [("exit", "web: exit code 1"), ("pull", "CannotPullContainerError"), ("health", "health checks")],
    )
    def test_a_rollback_is_a_failed_apply_that_says_why(self, how: str, reason: str):
        settle(platform())
        outcome = act(see(platform(fails(how))))
        error = outcome.failed[f"ecs_service.{SERVICE}"]
        assert isinstance(error, RolloutFailed)
        assert "tasks failed to start; the service went back to task-web-dev:1" in str(error)
        assert reason in str(error)

    def test_a_rollout_that_takes_its_time_tells_what_happens_as_it_does(self):
        settle(platform())
        clock, told = Clock(speed=0), list[ProgressEvent]()
        install(Profile("slow", task_start=30, task_stop=10, deployment_settles=15), clock=clock)

        def report(event: ProgressEvent) -> None:
            told.append(event)
            clock.advance(5)

        outcome = act(see(platform(fails("exit"))), report=report)
        assert "the service went back to task-web-dev:1" in str(outcome.failed[f"ecs_service.{SERVICE}"])
        notes = "\n".join(event.text for event in told if event.what is EventKind.NOTE)
        assert "has started 2 tasks" in notes
        assert "task stopped: Essential container in task exited; web: exit code 1" in notes
        assert any("0 of 2 tasks running, 2 pending" in event.text for event in told)

    def test_after_a_rollback_the_plan_says_so_and_an_apply_tries_again(self):
        settle(platform())
        act(see(platform(fails("exit"))))
        [change] = see(platform(fails("exit"))).changes
        assert [f.field for f in change.fields] == ["task_definition", "deployment"]
        assert "FAILED: rolled back: " in change.fields[1].live
        settle(platform(definition(container(environment={"FIXED": "1"}))))

    def test_a_first_deployment_that_fails_stands_still_and_is_a_difference(self):
        outcome = act(see(platform(fails("exit"))))
        assert isinstance(outcome.failed[f"ecs_service.{SERVICE}"], RolloutFailed)
        [change] = see(platform(fails("exit"))).changes
        assert (change.op, [f.field for f in change.fields]) == (Op.UPDATE, ["deployment"])
        assert "tasks failed to start" in change.fields[0].live
        settle(platform())

    def test_without_waiting_a_rollout_is_left_to_itself(self):
        outcome = act(see(platform(fails("exit"))), settle=False)
        assert not outcome.failed


@pytest.mark.usefixtures("aws")
class TestUnderWay:
    """A deployment under way: the run that began it was killed, or did not wait."""

    def test_the_next_run_waits_for_it_and_makes_no_call(self):
        clock = begun(platform())
        [change] = (todo := see(platform())).changes
        assert (change.op, calls(change.steps)) == (Op.AWAIT, [])
        assert [(f.field, f.live, f.want) for f in change.fields] == [
            ("deployment", "IN_PROGRESS", "COMPLETED")
        ]
        outcome = act(todo, report=lambda _event: clock.advance(5))
        assert outcome.done == [f"ecs_service.{SERVICE}"]
        assert not see(platform()).changes

    def test_the_next_run_fails_if_it_fails(self):
        clock = begun(platform(fails("exit")))
        outcome = act(see(platform(fails("exit"))), report=lambda _event: clock.advance(5))
        assert isinstance(outcome.failed[f"ecs_service.{SERVICE}"], RolloutFailed)

    def test_what_goes_waits_for_its_end(self):
        clock = begun(platform(make(LogGroup, OLD, retention_days=1)))
        gone, ended = f"log_group.{OLD}#{OLD}", list[str]()

        def report(event: ProgressEvent) -> None:
            clock.advance(5)
            if event.what is EventKind.DONE:
                ended.append(event.change.key)

        assert not act(see(platform()), report=report).failed
        assert ended == [f"ecs_service.{SERVICE}", gone]

    def test_what_goes_stays_if_it_fails(self):
        clock = begun(platform(fails("exit"), make(LogGroup, OLD, retention_days=1)))
        outcome = act(see(platform(fails("exit"))), report=lambda _event: clock.advance(5))
        assert outcome.skipped == {f"log_group.{OLD}#{OLD}": f"ecs_service.{SERVICE}"}


def begun(specs: list[Spec]) -> Clock:
    """Create the services by a run that does not wait; the clock stands still."""
    clock = Clock(speed=0)
    install(Profile("slow", task_start=30, task_stop=10, deployment_settles=15), clock=clock)
    assert not act(see(specs), settle=False).failed
    return clock


@pytest.fixture
def draining(aws: World) -> Clock:
    return drained(platform())


def drained(specs: list[Spec]) -> Clock:
    """Delete the service by a run that dies; the clock stands still."""
    settle(specs)
    clock = Clock(speed=0)
    install(Profile("slow", drain=600), clock=clock)
    client("ecs").delete_service(cluster=CLUSTER, service=SERVICE, force=True)
    return clock


@pytest.mark.usefixtures("aws")
class TestDraining:
    def test_a_destroy_waits_for_it_and_deletes_what_it_uses_after_it(self, draining: Clock):
        todo = see([], platform())
        by_kind = {change.address.kind: change for change in todo.changes}
        gone = by_kind["ecs_service"]
        assert calls(gone.steps) == []
        assert gone.key in by_kind["ecs_cluster"].after
        assert gone.key in by_kind["task_definition"].after
        outcome = act(todo, report=lambda _event: draining.advance(100))
        assert not outcome.failed
        assert look(platform()) == []

    def test_it_is_made_again_when_its_name_is_free(self, draining: Clock):
        todo = see(platform())
        made = next(change for change in todo.changes if change.op is Op.CREATE)
        assert made.replaces is None
        assert made.after & {change.key for change in todo.changes if change.op is Op.DELETE}
        outcome = act(todo, report=lambda _event: draining.advance(100))
        assert not outcome.failed
        assert described()["status"] == "ACTIVE"
        assert not see(platform()).changes

    def test_what_it_uses_stays_until_it_is_gone_also_when_the_file_has_forgotten_it(self):
        """The run that removed it died, and the next one knows only what is left."""
        role = make(IamRole, "ecs-task-web-dev", service_principal="ecs-tasks.amazonaws.com")
        clock = drained(platform(role, definition(task_role=role.ref("arn"))))
        rest = [spec for spec in platform() if spec.name not in (SERVICE, FAMILY, LOGS)]
        gone = {change.address.kind: change for change in see(rest).changes}
        service, family = gone.pop("ecs_service"), gone.pop("task_definition")
        assert calls(service.steps) == []
        assert service.key in family.after
        assert {kind: service.key in change.after for kind, change in gone.items()} == {
            "iam_role": True,
            "log_group": True,
        }
        outcome = act(see(rest), report=lambda _event: clock.advance(100))
        assert not outcome.failed
        assert see(rest).changes == ()

    def test_an_inactive_one_is_no_more(self, draining: Clock):
        draining.advance(600)
        assert described()["status"] == "INACTIVE"
        assert live_of(KIND, platform()) == []
