"""Refused calls of CloudWatch: alarms and dashboards."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from makers import ALARM, client_of

from refusals.probe import Probe

OPERATIONS = (
    "PutMetricAlarm",
    "PutCompositeAlarm",
    "DescribeAlarms",
    "DescribeAlarmsForMetric",
    "DeleteAlarms",
    "SetAlarmState",
    "EnableAlarmActions",
    "DisableAlarmActions",
    "PutDashboard",
    "GetDashboard",
    "ListDashboards",
    "DeleteDashboards",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
)

Params = Callable[[], Mapping[str, Any]]
ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
METRIC = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization"}
QUERY = {"Id": "m", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Average"}}
BODY = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "text"}}]})
RESERVED = [{"Key": "aws:owner", "Value": "v"}]
TAGS = [{"Key": f"k{number}", "Value": "v"} for number in range(51)]
INVALID, VALUE, INPUT = "ValidationError", "InvalidParameterValue", "InvalidParameterInput"


def given(**params: Any) -> Params:
    return lambda: params


def alarm(**changes: Any) -> Params:
    """Return the parameters of a good alarm with these changes; None leaves a parameter out."""
    return lambda: {key: value for key, value in {**ALARM, **changes}.items() if value is not None}


def of_queries(*queries: Any) -> Params:
    whole = {"AlarmName": "alarm", "EvaluationPeriods": 1, "Threshold": 1.0}
    return given(**whole, ComparisonOperator="GreaterThanThreshold", Metrics=[*queries])


def made(**params: Any) -> Params:
    def make() -> Mapping[str, Any]:
        client_of("cloudwatch").put_metric_alarm(**ALARM)
        return params

    return make


def composite(*names: str) -> Params:
    """Make an alarm and composite ones of these names that depend on it, and ask for the deletion of some."""

    def make() -> Mapping[str, Any]:
        made()()
        for name in ("one", "two"):
            client_of("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule='ALARM("alarm")')
        return {"AlarmNames": [*names]}

    return make


def actions(count: int) -> list[str]:
    return [f"arn:aws:sns:us-east-1:123456789012:topic-{number}" for number in range(count)]


PROBES = [
    Probe("PutMetricAlarm", INVALID, alarm(AlarmName="a" * 256)),
    Probe("PutMetricAlarm", INVALID, alarm(AlarmActions=actions(6)), "less than or equal to 5"),
    Probe("PutMetricAlarm", INVALID, alarm(AlarmActions=["no-arn"]), "Invalid arn syntax"),
    Probe("PutMetricAlarm", INVALID, alarm(Period=45), "Period"),
    Probe("PutMetricAlarm", INVALID, alarm(Metrics=[]), "Metrics list must not be empty"),
    Probe("PutMetricAlarm", INVALID, alarm(Metrics=[QUERY]), "exclude each other"),
    Probe("PutMetricAlarm", INVALID, alarm(Statistic=None)),
    Probe("PutMetricAlarm", INVALID, alarm(ExtendedStatistic="p99")),
    Probe("PutMetricAlarm", INVALID, alarm(MetricName=None)),
    Probe("PutMetricAlarm", INVALID, alarm(Threshold=None)),
    Probe("PutMetricAlarm", INVALID, alarm(ComparisonOperator=None)),
    Probe("PutMetricAlarm", INVALID, alarm(ComparisonOperator="Above")),
    Probe("PutMetricAlarm", INVALID, alarm(TreatMissingData="bad")),
    Probe("PutMetricAlarm", INVALID, alarm(DatapointsToAlarm=2)),
    Probe("PutMetricAlarm", INVALID, alarm(EvaluationPeriods=1441), "86400"),
    Probe("PutMetricAlarm", INVALID, alarm(Tags=TAGS)),
    Probe("PutMetricAlarm", INVALID, alarm(Tags=RESERVED)),
    Probe("PutMetricAlarm", INVALID, of_queries(QUERY, {**QUERY, "Id": "n"}), "Exactly one element"),
    Probe("DescribeAlarms", "InvalidNextToken", given(NextToken="no token")),
    Probe("DescribeAlarms", INVALID, given(MaxRecords=101)),
    Probe("DescribeAlarms", INVALID, given(StateValue="BAD")),
    Probe("DescribeAlarms", INVALID, given(AlarmNames=["a"], AlarmNamePrefix="a")),
    Probe("DescribeAlarmsForMetric", INVALID, given(**METRIC, Statistic="Mean")),
    Probe("DeleteAlarms", INVALID, given(AlarmNames=[f"a{number}" for number in range(101)])),
    Probe("DeleteAlarms", INVALID, composite("one", "two"), "Only one composite alarm"),
    Probe("DeleteAlarms", "ValidationError", composite("alarm"), "depending on it"),
    Probe("PutCompositeAlarm", INVALID, given(AlarmName="one", AlarmRule="WRONG(alarm)")),
    Probe("PutCompositeAlarm", INVALID, given(AlarmName="one", AlarmRule="ALARM(absent)"), "do not exist"),
    Probe("SetAlarmState", "ResourceNotFound", given(AlarmName="absent", StateValue="OK", StateReason="r")),
    Probe("SetAlarmState", INVALID, made(AlarmName="alarm", StateValue="BAD", StateReason="r")),
    Probe(
        "SetAlarmState",
        "InvalidFormat",
        made(AlarmName="alarm", StateValue="OK", StateReason="r", StateReasonData="no json"),
    ),
    Probe("EnableAlarmActions", INVALID, given(AlarmNames=["a" * 256])),
    Probe("DisableAlarmActions", INVALID, given(AlarmNames=["a" * 256])),
    Probe("PutDashboard", INPUT, given(DashboardName="a name", DashboardBody=BODY), "invalid characters"),
    Probe("PutDashboard", INPUT, given(DashboardName="d" * 256, DashboardBody=BODY)),
    Probe("PutDashboard", INPUT, given(DashboardName="d", DashboardBody="no json")),
    Probe("PutDashboard", INPUT, given(DashboardName="d", DashboardBody=BODY, Tags=RESERVED)),
    Probe("GetDashboard", "ResourceNotFound", given(DashboardName="absent")),
    Probe("GetDashboard", VALUE, given(DashboardName="a name")),
    Probe("ListDashboards", VALUE, given(NextToken="no token")),
    Probe("DeleteDashboards", "ResourceNotFound", given(DashboardNames=["absent"])),
    Probe("DeleteDashboards", VALUE, given(DashboardNames=[])),
    Probe("TagResource", "ResourceNotFoundException", given(ResourceARN=f"{ARN}absent", Tags=TAGS[:1])),
    Probe("TagResource", VALUE, made(ResourceARN=f"{ARN}alarm", Tags=RESERVED)),
    Probe("TagResource", VALUE, made(ResourceARN=f"{ARN}alarm", Tags=TAGS)),
    Probe("UntagResource", "ResourceNotFoundException", given(ResourceARN=f"{ARN}absent", TagKeys=["k"])),
    Probe("UntagResource", VALUE, given(ResourceARN="no-arn", TagKeys=["k"])),
    Probe("ListTagsForResource", "ResourceNotFoundException", given(ResourceARN=f"{ARN}absent")),
    Probe("ListTagsForResource", VALUE, given(ResourceARN="no-arn")),
]
