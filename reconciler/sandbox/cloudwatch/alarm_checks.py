"""What a metric alarm may say (CloudWatch API reference, PutMetricAlarm)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse

from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

MAX_TAGS = 50
DAY, WEEK, HOUR = 86_400, 604_800, 3_600  # seconds
_SHORT_PERIODS = (10, 20, 30)  # seconds; longer ones are multiples of a minute
_MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
_OF_ONE_METRIC = (
    "MetricName",
    "Namespace",
    "Dimensions",
    "Period",
    "Unit",
    "Statistic",
    "ExtendedStatistic",
)
_ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:.*:.+")


def install() -> None:
    wrap(CloudWatchResponse, "put_metric_alarm", _check_first)


def _check_first(original: Any, response: Any) -> Any:
    for problem in _problems(sent_parameters(response)):
        raise Refusal("ValidationError", problem)
    return original(response)


def _problems(sent: Mapping[str, Any]) -> Iterator[str]:
    if sent.get("Metrics") == []:
        yield "Metrics list must not be empty"
    if "Metrics" in sent:
        yield from _query_problems(sent)
    elif "EvaluationCriteria" not in sent:
        yield from _metric_problems(sent)
    yield from _evaluation_problems(sent)
    if sent.get("TreatMissingData", "missing") not in _MISSING_DATA:
        yield f"Option {sent['TreatMissingData']} is not supported for parameter TreatMissingData."
    for arn in (arn for kind in _ACTIONS for arn in sent.get(kind) or ()):
        if not _ARN.fullmatch(arn):
            yield f"Invalid arn syntax: {arn}"
    if len(sent.get("Tags") or ()) > MAX_TAGS:
        yield f"An alarm has no more than {MAX_TAGS} tags."


def _query_problems(sent: Mapping[str, Any]) -> Iterator[str]:
    if beside := [name for name in _OF_ONE_METRIC if sent.get(name)]:
        yield f"Metrics and {beside[0]} exclude each other"
    queries = sent["Metrics"]
    if len({query["Id"] for query in queries}) < len(queries):
        yield "The Ids of Metrics must be unique"
    if [query.get("ReturnData", True) for query in queries].count(
        True
    ) != 1 and "ThresholdMetricId" not in sent:
        yield "Exactly one element of the metrics list should return data."
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            yield "Each element of Metrics has either Expression or MetricStat"
        elif not _is_period(query.get("MetricStat", {}).get("Period", HOUR)):
            yield "Period must be 10, 20, 30 or a multiple of 60"


def _metric_problems(sent: Mapping[str, Any]) -> Iterator[str]:
    for name in ("MetricName", "Namespace", "Period"):
        if not sent.get(name):
            yield f"The parameter {name} is required"
    if bool(sent.get("Statistic")) == bool(sent.get("ExtendedStatistic")):
        yield "Exactly one of Statistic and ExtendedStatistic is required"
    if sent.get("Period") and not _is_period(sent["Period"]):
        yield "Period must be 10, 20, 30 or a multiple of 60"
    if "Threshold" not in sent:
        yield "The parameter Threshold is required"


def _is_period(seconds: int) -> bool:
    return seconds in _SHORT_PERIODS or seconds % 60 == 0


def _evaluation_problems(sent: Mapping[str, Any]) -> Iterator[str]:
    if "EvaluationCriteria" in sent:
        return
    for name in ("ComparisonOperator", "EvaluationPeriods"):
        if name not in sent:
            yield f"The parameter {name} is required"
    periods = sent.get("EvaluationPeriods", 1)
    if sent.get("DatapointsToAlarm", 1) > periods:
        yield "DatapointsToAlarm must not be greater than EvaluationPeriods"
    longest = WEEK if sent.get("Period", 0) >= HOUR else DAY
    if periods * sent.get("Period", 1) > longest:
        yield f"Metrics cannot be checked across more than {longest} seconds"
