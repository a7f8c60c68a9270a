from dataclasses import replace

from botocore.exceptions import ClientError
from test_golden_plan import first_plan
from toys import Shelf, toy

from reconciler.errors import RolloutFailed
from reconciler.model.plan import Outcome
from reconciler.model.spec import Live
from reconciler.model.steps import Held
from reconciler.render.denied import PRINTED
from reconciler.render.outcome import TimedOutcome, summarize
from reconciler.render.outcome_json import outcome_document
from reconciler.render.outcome_text import outcome_text

HUB, SPOKE = toy("hub"), toy("spoke", hub=toy("hub").ref())
PLAN = Shelf().plan(HUB, SPOKE, toy("free"))
DENIED = ClientError(
    {
        "Error": {"Code": "AccessDeniedException", "Message": "no"},
        "ResponseMetadata": {"RequestId": "4711"},
    },
    "MakeHub",
)
FAILED = Outcome(done=["toy.free"], failed={"toy.hub": DENIED}, skipped={"toy.spoke": "toy.hub"})


def test_a_failure_tells_what_aws_said_and_what_did_not_begin_because_of_it():
    assert outcome_text(PLAN, TimedOutcome(FAILED, 72)) == (
        "✗ toy.hub\n"
        "    AccessDeniedException: no (request 4711)\n"
        "    likely: these credentials may not do that\n"
        f"    do: allow toys:MakeHub to them; {PRINTED}\n"
        "    not started because of it: toy.spoke\n"
        "1 done, 1 failed, 1 not started in 1 min 12 s.\n"
    )


def test_a_failure_as_json():
    found = outcome_document(PLAN, TimedOutcome(FAILED, 72, {"toy.hub": 1.26}), {"URL": "http://x/"})
    changes = {change.pop("key"): change for change in found.pop("changes")}
    assert changes.keys() == {"toy.hub", "toy.spoke", "toy.free"}
    assert changes["toy.hub"] == {
        "op": "create",
        "address": "toy.hub",
        "fields": [],
        "outcome": "failed",
        "seconds": 1.3,
    }
    assert (changes["toy.spoke"]["outcome"], changes["toy.spoke"]["seconds"]) == ("skipped", None)
    assert found == {
        "outcome": "failed",
        "seconds": 72,
        "counts": {"done": 1, "held": 0, "failed": 1, "interrupted": 0, "skipped": 1, "left": 0},
        "done": ["toy.free"],
        "held": [],
        "failed": [
            {
                "key": "toy.hub",
                "code": "AccessDeniedException",
                "message": "no",
                "request_id": "4711",
                "cause": "these credentials may not do that",
                "remedy": f"allow toys:MakeHub to them; {PRINTED}",
                "logs": None,
            }
        ],
        "skipped": [{"key": "toy.spoke", "because_of": "toy.hub"}],
        "interrupted": [],
        "left": [],
        "warnings": [],
        "outputs": {"URL": "http://x/"},
    }


def test_an_outcome_as_json_holds_the_calls_if_they_are_asked_for():
    found = outcome_document(PLAN, TimedOutcome(FAILED), {}, calls=True)
    assert {call["operation"] for change in found["changes"] for call in change["calls"]} == {
        "make_hub",
        "make_spoke",
        "make_free",
    }


def test_what_is_held_is_told_once_with_what_waits_behind_it():
    held = {
        "a": Held("missing", "push it\nthen"),
        "b": Held("waits for a", cause="a"),
        "c": Held("waits for b", cause="b"),
    }
    assert outcome_text(PLAN, TimedOutcome(Outcome(held=held))) == (
        "‖ a: held: missing\n    push it\n    then\n    held because of it: b, c\n0 done, 3 held in 0 s.\n"
    )


def test_what_is_held_alone_and_without_a_remedy_is_one_line():
    told = outcome_text(PLAN, TimedOutcome(Outcome(held={"a": Held("missing")})))
    assert told == "‖ a: held: missing\n0 done, 1 held in 0 s.\n"


def test_a_stop_tells_what_is_begun_and_what_is_not():
    outcome = Outcome(
        done=["toy.free"], interrupted=["toy.hub"], skipped={"toy.spoke#toy-001": ""}, stopped=True
    )
    assert outcome_text(PLAN, TimedOutcome(outcome)) == (
        "‖ toy.hub: started, not finished\nnot started:\n    toy.spoke\n"
        "Stopped: 1 done, 1 started, not finished, 1 not started in 0 s.\n"
    )


def test_the_worst_sums_it_up():
    assert summarize(Outcome(done=["a"])) == "done"
    assert summarize(Outcome(held={"a": Held("")})) == "held"
    assert summarize(Outcome(held={"a": Held("")}, failed={"b": DENIED})) == "failed"
    assert summarize(Outcome(failed={"b": DENIED}, stopped=True)) == "stopped"


def test_a_failed_deployment_tells_where_the_service_has_logged():
    todo = first_plan()
    key = "ecs_service.svc-api-gateway-dev123"
    failed = TimedOutcome(Outcome(failed={key: RolloutFailed("tasks failed to start")}))
    command = "aws logs tail /aws/ecs/api-gateway-dev123 --since 10m --region us-east-1"
    assert f"    logs: {command}\n" in outcome_text(todo, failed)
    assert outcome_document(todo, failed, {})["failed"][0]["logs"] == command


def test_what_failed_for_another_reason_has_logged_nothing():
    key = "ecs_service.svc-api-gateway-dev123"
    assert "logs:" not in outcome_text(first_plan(), TimedOutcome(Outcome(failed={key: DENIED})))


def test_a_failed_rollout_loses_no_requests():
    (service,) = (c for c in first_plan().changes if c.key == "ecs_service.svc-api-gateway-dev123")
    todo = replace(first_plan(), changes=(replace(service, live=Live(service.want, {"id": "arn"}, "shop")),))
    failed = TimedOutcome(Outcome(failed={service.key: RolloutFailed("task stopped: OutOfMemoryError")}))
    assert "503" not in outcome_text(todo, failed)
