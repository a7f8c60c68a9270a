"""How long the calls wait for what AWS was seen to need: interfaces of ended tasks, namespaces, new roles."""

from typing import Any

import pytest
from services import scaling, service

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch
from reconciler.resources import KINDS
from reconciler.resources.iam_role import IamRole

ROLE = IamRole(name="task", service_principal="ecs-tasks.amazonaws.com", managed_policies={"arn"})
NO_ROLE = "Unable to assume the service linked role"


@pytest.mark.parametrize(
    ("kind", "seconds", "steps"),
    [
        ("subnet", 1800, 1),
        ("security_group", 1800, 1),
        ("internet_gateway", 1800, 2),
        ("cloud_map_namespace", 600, 2),
    ],
)
def test_a_delete_waits_for_what_others_leave_behind(kind: str, seconds: float, steps: int):
    spec = KINDS[kind].spec.model_construct(name="it", vpc=Ref("vpc", "main"))
    removal: list[Any] = list(KINDS[kind].remove(Live(spec, {"id": "it"})))
    assert [step.patience >= seconds for step in removal] == [True] * steps


def test_a_new_role_is_waited_for_ten_minutes_by_whatever_is_about_it():
    first, *others = KINDS["iam_role"].ensure(ROLE, None)
    assert isinstance(first, Call)
    assert {step.patience for step in others if isinstance(step, Call)} == {600}


@pytest.mark.parametrize("have", [None, Live(service(maximum_percent=150), {"id": "it", "arn": "it"})])
def test_a_service_waits_for_the_service_linked_role_of_the_first_cluster(have: Any):
    call = next(step for step in KINDS["ecs_service"].ensure(service(), have) if isinstance(step, Call))
    assert [e.patience for e in call.retry if isinstance(e, ErrorMatch) and e.message_contains == NO_ROLE] == [
        600
    ]


def test_each_call_of_a_new_scalable_target_waits_for_the_role_that_the_first_one_makes():
    made = [step for step in KINDS["scalable_target"].ensure(scaling(), None) if isinstance(step, Call)]
    waits = [
        [e.new for e in step.retry if isinstance(e, ErrorMatch) and "assume IAM role" in e.message_contains]
        for step in made
    ]
    assert len(made) > 1
    assert waits == [[(scaling().ref(),)]] * len(made)
