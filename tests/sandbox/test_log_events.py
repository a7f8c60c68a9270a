from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of

from reconciler.sandbox import current

METRIC = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}
DAY = 86_400_000  # milliseconds


@pytest.fixture
def logs(aws: object) -> Any:
    logs = client_of("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    return logs


def put_filter(logs: Any, group: str = "g", pattern: str = "ERROR") -> Any:
    return logs.put_metric_filter(
        logGroupName=group, filterName="f", filterPattern=pattern, metricTransformations=[METRIC]
    )


def filters(logs: Any) -> list[str]:
    found = logs.describe_metric_filters(logGroupName="g")["metricFilters"]
    counted = logs.describe_log_groups()["logGroups"][0]["metricFilterCount"]
    assert counted == len(found)
    return [told["filterPattern"] for told in found]


def test_a_metric_filter_replaces_the_one_of_its_name_and_goes_with_its_group(logs: Any) -> None:
    put_filter(logs)
    put_filter(logs, pattern="WARN")
    assert filters(logs) == ["WARN"]
    logs.delete_log_group(logGroupName="g")
    logs.create_log_group(logGroupName="g")
    assert filters(logs) == []
    with pytest.raises(ClientError) as refused:
        put_filter(logs, "absent")
    assert code_of(refused) == "ResourceNotFoundException"


@pytest.mark.parametrize("action", ["describe_metric_filters", "describe_subscription_filters"])
def test_only_groups_of_the_class_standard_have_filters(logs: Any, action: str) -> None:
    logs.create_log_group(logGroupName="rare", logGroupClass="INFREQUENT_ACCESS")
    with pytest.raises(ClientError, match="only supported on the Standard log class") as refused:
        getattr(logs, action)(logGroupName="rare")
    assert code_of(refused) == "ValidationException"


def test_events_that_are_too_old_or_too_new_are_told(logs: Any) -> None:
    now = int(current().clock.epoch * 1000)
    times = [now - 16 * DAY, now - 15 * DAY, now, now + DAY, now + 2 * DAY]
    events = [{"timestamp": time, "message": "m"} for time in times]
    answer = logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 2, "tooNewLogEventStartIndex": 3}


def test_patterns_have_terms_phrases_choices_and_exclusions(logs: Any) -> None:
    now = int(current().clock.epoch * 1000)
    messages = ["ERROR one", "WARN two", "ERROR two times"]
    events = [{"timestamp": now + n, "message": message} for n, message in enumerate(messages)]
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)
    expected = {
        "ERROR": [0, 2],
        "ERROR two": [2],
        '"two times"': [2],
        "?one ?WARN": [0, 1],
        "ERROR -times": [0],
        "": [0, 1, 2],
    }
    for pattern, numbers in expected.items():
        found = logs.filter_log_events(logGroupName="g", filterPattern=pattern)["events"]
        assert [event["message"] for event in found] == [messages[n] for n in numbers], pattern
