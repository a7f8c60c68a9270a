from typing import Any

import pytest
from pydantic import ValidationError

from desired_state.service import Service
from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.model.plan import Change, FieldDiff, Op, Outcome, Plan
from reconciler.model.references import Address, Json
from reconciler.model.steps import Call, Held
from reconciler.render.outcome import find_held
from reconciler.render.redaction import is_hidden, known_secrets, redact, redact_field
from reconciler.render.timeline import Recorder
from reconciler.resources.task_definition import Container


def change(fields: tuple[FieldDiff, ...] = (), **params: Any) -> Change:
    steps = (Call("toys", "make", params),)
    return Change("toy.one", Address("toy", "one"), Op.CREATE, fields, steps, frozenset(), {})


def plan(*changes: Change) -> Plan:
    return Plan(changes, {})


def test_the_secrets_of_a_plan_are_those_of_its_calls_and_of_both_sides():
    fields = (FieldDiff("environment", {"API_KEY": "old-one"}, {"API_KEY": "new-one"}),)
    todo = plan(change(fields, dsn="pg://u:hunter2@db", mode="fast", doc=Json({"token": "t-1234"})))
    assert known_secrets(todo) == {"old-one", "new-one", "hunter2", "t-1234"}


def test_what_holds_a_change_is_told_without_its_secrets():
    outcome = Outcome(held={"toy.one": Held("hunter2 is not there", "push it")})
    held = find_held(plan(change(password="hunter2")), outcome)
    assert held == {"toy.one": Held("(hidden) is not there", "push it")}


def test_a_timeline_has_what_aws_said_without_secrets():
    times = iter(range(10))
    recorder = Recorder(lambda: next(times), {"hunter2"})
    for what in (EventKind.BEGUN, EventKind.WAITING, EventKind.DONE):
        recorder(ProgressEvent(what, change(), "not yet: hunter2"))
    (span,) = recorder.spans(0)
    assert [text for text, _ in span.waits] == ["not yet: (hidden)"]


@pytest.mark.parametrize("model", [Container, Service])
def test_an_error_of_a_model_does_not_repeat_the_value(model):
    with pytest.raises(ValidationError) as caught:
        model.model_validate({"image": "nginx", "environment": {"DB_PASSWORD": ["hunter2"]}})
    assert "hunter2" not in str(caught.value)


def test_references_to_secrets_are_shown_whatever_their_names():
    container = Container(image="nginx", secrets={"DB_PASSWORD": "db-password"}, environment={"API_KEY": "a"})
    shown = redact(container)
    assert shown.secrets == {"DB_PASSWORD": "db-password"}
    assert is_hidden(shown)
    assert redact_field("secrets", {"DB_PASSWORD": "db-password"}) == {"DB_PASSWORD": "db-password"}
