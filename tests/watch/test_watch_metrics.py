"""What Prometheus is told: stacks and severities, from the first moment on, and nothing of what is gone."""

import boto3
import pytest
from botocore.hooks import HierarchicalEmitter
from prometheus_client.parser import text_string_to_metric_families
from reports import AT, ATTACK, STOPPED, damaged, hostile

from reconciler.model.correction import Correction, Ended, Reason, Waiting
from reconciler.model.drift import Severity
from reconciler.watch.board import make_board
from reconciler.watch.call_metrics import count_calls
from reconciler.watch.metrics import begin_counting, count_round, format_metrics, make_metrics, stop_counting
from reconciler.watch.status import Contested, Round, RoundOutcome, StackStatus

STACK = "shop/dev/eu-central-1"
LABELS = {"stack", "severity", "outcome", "reason", "version", "service", "operation", "channel", "le"}


@pytest.fixture
def board():
    return make_board("0.9", AT)


def samples(metrics) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the values by name and by the values of their labels, in the order of the labels' names."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(format_metrics(metrics)):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS
            labels = tuple(sample.labels[name] for name in sorted(sample.labels))
            found.setdefault(sample.name.removeprefix("reconciler_"), {})[labels] = sample.value
    return found


def test_a_stack_begins_at_0_so_that_its_first_drift_is_an_increase(board):
    metrics = make_metrics(board)
    begin_counting(metrics, STACK)
    found = samples(metrics)
    assert set(found["rounds_total"]) == {(outcome, STACK) for outcome in RoundOutcome}
    assert {*found["rounds_total"].values(), *found["corrections_total"].values()} == {0}


def test_rounds_and_corrections_are_counted(board):
    metrics = make_metrics(board)
    begin_counting(metrics, STACK)
    done = Correction(STOPPED.key, Severity.AVAILABILITY, AT, Ended.DONE)
    count_round(metrics, STACK, Round(AT, 7, RoundOutcome.DRIFT), [done])
    found = samples(metrics)
    assert found["rounds_total"]["drift", STACK] == 1
    assert found["corrections_total"]["corrected", "availability", STACK] == 1
    assert found["round_duration_seconds_sum"][()] == 7


def test_the_board_is_shown_at_the_moment_of_asking(board):
    metrics = make_metrics(board)
    board.put(
        StackStatus(
            STACK, 300, paused="until Monday", last_good=AT, report=damaged(), file_error="line 3",
            contested=(Contested(STOPPED.key, Severity.AVAILABILITY, 3),),
            waiting=(Waiting(STOPPED.key, Severity.AVAILABILITY, Reason.WINDOW, "for its window"),),
        )
    )  # fmt: skip
    found = samples(metrics)
    assert {labels[0]: value for labels, value in found["drift_fields"].items()} == {
        "security": 1, "availability": 2, "configuration": 1, "tags": 1,
    }  # fmt: skip
    assert found["last_good_round_timestamp_seconds"][STACK,] == 1795860741
    assert found["corrections_waiting"]["window", STACK] == 1
    assert found["corrections_waiting"]["lease", STACK] == 0
    ones = ("contested_fields", "not_compared", "paused", "file_broken")
    assert [found[name][STACK,] for name in ones] == [1, 1, 1, 1]
    assert found["build_info"]["0.9",] == 1


def test_a_stack_that_is_gone_has_no_series(board):
    metrics = make_metrics(board)
    begin_counting(metrics, STACK)
    board.put(StackStatus(STACK, 300))
    board.remove(STACK)
    stop_counting(metrics, STACK)
    assert STACK not in format_metrics(metrics)


def test_no_good_round_yet_is_time_0(board):
    metrics = make_metrics(board)
    board.put(StackStatus(STACK, 300))
    assert samples(metrics)["last_good_round_timestamp_seconds"][STACK,] == 0


def test_people_and_resources_are_no_labels_and_a_hostile_name_stays_in_its_own(board):
    metrics = make_metrics(board)
    name = ATTACK + '\n"} 1\\'
    board.put(StackStatus(name, 300, report=hostile(), last_good=AT))
    opened = [difference for difference in hostile().drift if difference.severity is Severity.SECURITY]
    assert opened
    assert samples(metrics)["drift_fields"]["security", name] == len(opened)


def test_each_watch_has_a_registry_of_its_own(board):
    assert make_metrics(board).registry is not make_metrics(board).registry
    assert "_created" not in format_metrics(make_metrics(board))


@pytest.mark.parametrize(
    ("response", "outcome", "throttles"),
    [
        ({"Vpcs": []}, "done", 0),
        ({"Error": {"Code": "AccessDenied"}}, "refused", 0),
        ({"Error": {"Code": "RequestLimitExceeded"}}, "throttled", 1),
        (None, "no answer", 0),
    ],
)
def test_each_answer_of_aws_is_counted_by_what_it_was(board, response, outcome, throttles):
    metrics, events = make_metrics(board), HierarchicalEmitter()
    count_calls(metrics, events)
    events.emit("response-received.ec2.DescribeVpcs", parsed_response=response, exception=None, context={})
    found = samples(metrics)
    assert found["aws_calls_total"]["DescribeVpcs", outcome, "ec2"] == 1
    assert found.get("aws_throttles_total", {}).get(("ec2",), 0) == throttles


@pytest.mark.usefixtures("aws")
def test_botocore_tells_of_each_request(board):
    metrics = make_metrics(board)
    session = boto3.Session(region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test")
    count_calls(metrics, session.events)
    session.client("ec2").describe_vpcs()
    assert samples(metrics)["aws_calls_total"] == {("DescribeVpcs", "done", "ec2"): 1}
