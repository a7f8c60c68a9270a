"""Old revisions of task definitions: no deployment waits for them, and nothing else of a destroy."""

import re
from dataclasses import replace
from typing import Any

import pytest
from services import FAMILY, SERVICE, definition, platform, service
from support import OTHERS, OURS, Counted, act, calls, client, connection, make, see, settle
from toys import Time

from reconciler.apply import apply
from reconciler.apply.pacing import FIRST_DELAY
from reconciler.aws.reads import open_reads
from reconciler.model.plan import Plan
from reconciler.model.references import Ref
from reconciler.model.spec import Live, parts
from reconciler.model.steps import Rollout
from reconciler.plan import plan
from reconciler.resources import KINDS
from reconciler.resources.iam_role import IamRole
from reconciler.resources.task_definition import Container, TaskDefinition

READ = re.compile("Describe|Get|List|BatchGet")
CLEAN_UP = f"task_definition.{FAMILY} (old revisions)"
APP = Container(image="app:1")
DEREGISTER, DELETE = "DeregisterTaskDefinition", "DeleteTaskDefinitions"


class Recorded(Counted):
    """Records the operations of all writes, in order."""

    def __enter__(self) -> Any:
        super().__enter__()
        self.writes: list[str] = []
        return self.writes

    def _count(self, model: Any, **_: Any) -> None:
        self.writes += [] if READ.match(model.name) else [model.name]


def register(times: int, *, family: str = FAMILY) -> None:
    """Register the newest revision again, so many times, with its tags."""
    ecs = client("ecs")
    found = ecs.describe_task_definition(taskDefinition=family, include=["TAGS"])
    taken = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    params = {name: value for name, value in found["taskDefinition"].items() if name in taken and value}
    for _ in range(times):
        ecs.register_task_definition(**params, tags=found["tags"])


def revisions(status: str) -> list[int]:
    arns = client("ecs").get_paginator("list_task_definitions").paginate(familyPrefix=FAMILY, status=status)
    return sorted(int(arn.rpartition(":")[2]) for arn in arns.build_full_result()["taskDefinitionArns"])


@pytest.mark.usefixtures("aws")
class TestDeploy:
    def test_register_and_update_are_the_first_two_writes_beside_500_old_revisions(self):
        settle(platform())
        register(499)
        settle(platform())  # the service runs the newest
        wanted = platform(definition(memory=1024))
        with Recorded() as writes:
            outcome = act(see(wanted), settle=False)
        assert writes[:2] == ["RegisterTaskDefinition", "UpdateService"]
        assert {*writes[2:]} == {DEREGISTER}
        assert {**outcome.failed, **outcome.held} == {}
        assert outcome.left[CLEAN_UP].number == 500 - 4 - writes.count(DEREGISTER) > 400
        assert not see(wanted).changes

    def test_the_next_deployment_goes_on(self):
        settle(platform())
        register(30)
        settle(platform())
        for memory in (1024, 2048, 3072):
            settle(platform(definition(cpu=512, memory=memory)))
        assert revisions("ACTIVE") == [*range(30, 35)]

    def test_a_plan_of_many_calls_is_short_and_has_all_of_them(self):
        settle(platform())
        register(49)
        todo = see(platform(definition(memory=1024)))
        later = next(c for c in todo.changes if c.key == CLEAN_UP)
        deregistered = [params["taskDefinition"].rpartition(":")[2] for _, params in calls(later.steps)]
        assert [*map(int, deregistered)] == [*range(2, 47)]  # 1 is in use, and the oldest comes first
        assert later.later
        assert later.later.why.startswith("45 old revisions are deregistered")


class Made:
    """An AWS that answers every call, and records the writes; its rollouts go on for a while."""

    def __init__(self) -> None:
        self.writes: list[str] = []
        self.polls = 0

    def attempt(self, step: Any, _stop: Any = None, _followed: Any = None) -> Any:
        if isinstance(step, Rollout):
            return {}
        self.writes.append(step.operation)
        return {name: f"new-{name}" for name in step.outputs}


def hundred_services() -> tuple[Plan, str]:
    """Return the plan that deploys one of a hundred services, whose family has 500 revisions, and it."""
    family = "task-50-dev"
    tasks = [make_pair(number) for number in range(100)]
    others = [spec for spec in platform() if spec.name not in (FAMILY, SERVICE)]
    desired = [*others, *(spec for pair in tasks for spec in pair)]
    live = [as_live(spec) for spec in parts(desired).values()]
    wanted = [s.model_copy(update={"memory": 1024}) if s.name == family else s for s in desired]
    return plan(KINDS, wanted, live, OURS.name), family


def make_pair(number: int) -> tuple[Any, Any]:
    task, runs = definition(), service()
    task = task.model_copy(update={"name": f"task-{number}-dev"})
    return task, runs.model_copy(update={"name": f"svc-{number}-dev", "task_definition": task.ref()})


def as_live(spec: Any) -> Live[Any]:
    own_id = f"{spec.name}:500" if spec.kind == "task_definition" else spec.name
    outputs = {"id": own_id, "arn": f"arn:{own_id}", "deployment": "ecs-svc/1", "uri": spec.name}
    if spec.kind == "task_definition":
        spec = spec.model_copy(update={"retiring": tuple(f"{spec.name}:{n}" for n in range(496, 0, -1))})
        outputs = {"id": own_id, "family": spec.name, "revision": "500"}
    if spec.kind == "ecs_service":
        by_id = Ref("task_definition", f"{spec.task_definition.name}:500", by_id=True)
        spec = spec.model_copy(update={"task_definition": by_id})
    return Live(spec, outputs, OURS.name)


def test_of_a_hundred_services_one_is_deployed_with_its_first_two_writes():
    todo, family = hundred_services()
    assert [change.key for change in todo.changes if change.address.kind == "task_definition"] == [
        f"task_definition.{family}",
        f"task_definition.{family} (old revisions)",
    ]
    aws, time = Made(), Time()
    with open_reads(connection(), OURS) as reads:
        outcome = apply(replace(reads, aws=aws), KINDS, todo, clock=time.clock)  # type: ignore[arg-type]  # a fake
    assert aws.writes[:2] == ["register_task_definition", "update_service"]
    assert {*aws.writes[2:]} == {"deregister_task_definition"}
    assert outcome.left[f"task_definition.{family} (old revisions)"].number > 400
    assert time.at == FIRST_DELAY  # until the poll of the rollout: nothing waits for the clean-up


@pytest.mark.usefixtures("aws")
class TestDestroy:
    def test_many_revisions_go_in_tens_after_all_else(self):
        settle(platform())
        register(24)
        todo = see([], platform())
        with Recorded() as writes:
            outcome = act(todo, clock=Time().clock)
        first = writes.index(DEREGISTER)
        assert writes[first:] == [
            *[DEREGISTER] * 10,
            DELETE,
            *[DEREGISTER] * 10,
            DELETE,
            *[DEREGISTER] * 5,
            DELETE,
        ]
        assert {"DeleteService", "DeleteCluster", "DeleteVpc", "DeleteLogGroup", "DeleteRepository"} <= {
            *writes[:first]
        }
        assert len(outcome.done) == len(todo.changes)
        assert not see([], platform()).changes

    @pytest.mark.parametrize("made", [1, 10, 11, 13])
    def test_what_is_broken_off_is_completed_by_the_next(self, made: int):
        settle(platform())
        register(11)
        steps = calls(family(see([], platform())).steps)
        assert len(steps) == 14
        for operation, params in steps[:made]:  # as far as the run came that was killed
            getattr(client("ecs"), operation)(**params)
        settle([], platform())
        assert (revisions("ACTIVE"), revisions("INACTIVE")) == ([], [])

    def test_a_family_without_an_active_revision_is_found_by_a_destroy_only(self):
        settle(platform())
        settle([], platform())
        settle(platform())
        for operation, params in calls(family(see([], platform())).steps)[:-1]:
            getattr(client("ecs"), operation)(**params)
        assert family(see([], platform())).op == "delete"
        assert family(see(platform())).op == "create"

    def test_a_strangers_family_without_an_active_revision_is_left_alone(self):
        theirs = make(TaskDefinition, "task-other-dev", OTHERS, cpu=256, memory=512, containers={"web": APP})
        settle([theirs], stack=OTHERS)
        for arn in client("ecs").list_task_definitions(familyPrefix=theirs.name)["taskDefinitionArns"]:
            client("ecs").deregister_task_definition(taskDefinition=arn)
        assert not see([], platform()).changes


def family(todo: Plan) -> Any:
    return next(change for change in todo.changes if change.address == definition().address)


def test_what_a_definition_names_goes_after_the_services_that_run_it_and_not_after_its_revisions():
    role, runs = make(IamRole, "web-dev", service_principal="ecs-tasks"), service()
    task = definition(task_role=Ref("iam_role", "arn:web-dev", "arn", by_id=True))
    older = Ref("task_definition", f"{FAMILY}:499", by_id=True)
    task = task.model_copy(update={"active": (f"{FAMILY}:500", f"{FAMILY}:499")})
    live = [
        as_live(role),
        as_live(task),
        replace(as_live(runs), spec=runs.model_copy(update={"task_definition": older})),
    ]
    after = {change.address.kind: change.after for change in plan(KINDS, (), live, OURS.name).changes}
    assert after["iam_role"] == after["task_definition"] == {f"ecs_service.{SERVICE}#{SERVICE}"}


def test_a_role_that_is_not_wanted_any_more_goes_after_the_service_that_leaves_it():
    old, runs = make(IamRole, "old-dev", service_principal="ecs-tasks"), service()
    before = as_live(definition(task_role=Ref("iam_role", "arn:old-dev", "arn", by_id=True)))
    kept = [as_live(spec) for spec in parts(platform()).values() if spec.name != FAMILY]
    changes = {
        c.address.kind: c for c in plan(KINDS, platform(), [*kept, before, as_live(old)], OURS.name).changes
    }
    assert changes["iam_role"].after == {f"ecs_service.{SERVICE}"}
    assert changes["ecs_service"].address == runs.address
