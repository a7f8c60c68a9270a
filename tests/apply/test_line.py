"""The queued executions, in seconds that the test gives."""

import pytest

from reconciler.apply.execution import Execution
from reconciler.apply.line import Line
from reconciler.aws.buckets import Buckets
from reconciler.aws.turns import Turns
from reconciler.model.plan import Change, Op
from reconciler.model.references import Address
from reconciler.model.steps import Call

REGISTER = Call("ecs", "register_task_definition", {})


def test_the_patience_of_a_change_does_not_count_the_wait_for_its_turn():
    line = Line({}, buckets := Buckets(), Turns(lambda: 0.0))
    while not buckets.take_turn(REGISTER.service, REGISTER.operation, 0.0):
        continue
    change = Change("toy.a", Address("toy", "a"), Op.UPDATE, (), (REGISTER,), frozenset(), {})
    line.put(Execution(change, change.steps, {}, tries=1, first_try_ended=2.0), 0.0)
    assert [seconds > 0 for _, _, seconds in line.admit(0.0)] == [True]
    assert line.take(0.0) is None
    turn = line.until_turn(0.0)
    execution = line.take(turn)
    assert execution.first_try_ended == pytest.approx(2.0 + turn)
    assert line.until_turn(turn) is None
