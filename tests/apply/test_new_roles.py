"""A rollout is patient with roles that this run has made or changed a moment ago, and only then."""

from typing import Any

import pytest
from toys import Time, act, toy

from reconciler.model.newness import IN_FORCE_WITHIN
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address, Ref
from reconciler.model.steps import Call, NotYet, Rollout

ROLLOUT = Rollout({}, roles=(Ref("toy", "role"),))


class Watched:
    """An AWS that keeps which rollouts were of new roles, and answers them after a number of seconds."""

    def __init__(self, time: Time, seconds: float) -> None:
        self.time, self.seconds, self.new = time, seconds, list[bool]()

    def attempt(self, step: Any, *_: Any) -> Any:
        if not isinstance(step, Rollout):
            return {"id": "it"}
        self.new.append(step.roles_are_new)
        return {} if self.time.at >= self.seconds else NotYet("under way")


def change(name: str, *steps: Any, after: frozenset[str] = frozenset()) -> Change:
    return Change(f"toy.{name}", Address("toy", name), Op.UPDATE, (), steps, after, {}, want=toy(name))


@pytest.mark.parametrize(
    ("role_changes", "seconds", "first", "last"),
    [(True, 0, True, True), (False, 0, False, False), (True, IN_FORCE_WITHIN + 60, True, False)],
    ids=["changed", "as it was", "changed long ago"],
)
def test_roles_are_new_for_ten_minutes_after_their_change(
    role_changes: bool, seconds: float, first: bool, last: bool
):
    time = Time()
    aws = Watched(time, seconds)
    roll = change("service", ROLLOUT, after=frozenset({"toy.role"} if role_changes else ()))
    changes = (change("role", Call("toys", "change", {})), roll) if role_changes else (roll,)
    ids = {Address("toy", "role"): {"id": "it"}}
    assert not act(aws, Plan(changes, ids, ()), clock=time.clock, workers=1).failed
    assert (aws.new[0], aws.new[-1]) == (first, last)
