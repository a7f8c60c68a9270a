import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from makers import ALARM, client_of, code_of

METRIC = {"type": "metric", "properties": {"region": "us-east-1", "metrics": [["AWS/ECS", "CPUUtilization"]]}}


@pytest.fixture
def logs(aws) -> Any:
    return client_of("logs")


@pytest.fixture
def cloudwatch(aws) -> Any:
    return client_of("cloudwatch")


def arn_of(logs: Any, name: str) -> str:
    return logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["logGroupArn"]


def put(cloudwatch: Any, *widgets: Any, **more: Any) -> Any:
    return cloudwatch.put_dashboard(
        DashboardName="board", DashboardBody=json.dumps({"widgets": widgets}), **more
    )


def test_a_retention_is_one_of_the_listed(logs):
    logs.create_log_group(logGroupName="/g")
    with pytest.raises(ClientError) as refused:
        logs.put_retention_policy(logGroupName="/g", retentionInDays=42)
    assert code_of(refused) == "InvalidParameterException"
    logs.put_retention_policy(logGroupName="/g", retentionInDays=7)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 7


def test_a_log_group_is_made_once(logs):
    logs.create_log_group(logGroupName="/g")
    with pytest.raises(ClientError) as refused:
        logs.create_log_group(logGroupName="/g")
    assert code_of(refused) == "ResourceAlreadyExistsException"


@pytest.mark.parametrize("name", ["aws/ours", "with blank"])
def test_a_log_group_is_refused_the_name(logs, name):
    with pytest.raises(ClientError) as refused:
        logs.create_log_group(logGroupName=name)
    assert code_of(refused) == "InvalidParameterException"


def test_tags_are_asked_for_without_a_star(logs):
    logs.create_log_group(logGroupName="/g", tags={"k": "v"})
    arn = arn_of(logs, "/g")
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"k": "v"}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.list_tags_for_resource(resourceArn=f"{arn}:*")


def test_a_deleted_log_group_leaves_no_tags(logs):
    logs.create_log_group(logGroupName="/g", tags={"k": "v"})
    arn = arn_of(logs, "/g")
    logs.delete_log_group(logGroupName="/g")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.tag_resource(resourceArn=arn, tags={"k": "v"})
    logs.create_log_group(logGroupName="/g")
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {}


@pytest.mark.parametrize(
    ("widget", "path"),
    [
        ({"type": "bogus", "properties": {}}, "/widgets/0/type"),
        ({"type": "text"}, "/widgets/0"),
        ({"type": "text", "properties": {}}, "/widgets/0/properties"),
        ({**METRIC, "width": 25}, "/widgets/0/width"),
        ({"type": "metric", "properties": {"region": "us-east-1"}}, "/widgets/0/properties"),
        (
            {"type": "metric", "properties": {**METRIC["properties"], "period": 45}},
            "/widgets/0/properties/period",
        ),
    ],
)
def test_a_bad_widget_is_refused_with_its_place(cloudwatch, widget, path):
    with pytest.raises(ClientError) as refused:
        put(cloudwatch, widget)
    assert code_of(refused) == "InvalidParameterInput"
    assert [m["DataPath"] for m in refused.value.response["dashboardValidationMessages"]] == [path]


def test_a_dashboard_has_at_most_500_widgets(cloudwatch):
    put(cloudwatch, *[METRIC] * 500)
    with pytest.raises(ClientError) as refused:
        put(cloudwatch, *[METRIC] * 501)
    assert code_of(refused) == "InvalidParameterInput"


def test_a_body_is_json(cloudwatch):
    with pytest.raises(ClientError) as refused:
        cloudwatch.put_dashboard(DashboardName="board", DashboardBody="{")
    assert code_of(refused) == "InvalidParameterInput"


def test_a_doubtful_body_is_kept_with_a_warning(cloudwatch):
    body = json.dumps({"widgets": [METRIC], "mood": "good"})
    answer = cloudwatch.put_dashboard(DashboardName="board", DashboardBody=body)
    assert [m["DataPath"] for m in answer["DashboardValidationMessages"]] == ["/mood"]
    assert cloudwatch.get_dashboard(DashboardName="board")["DashboardBody"] == body


def test_tags_go_with_the_creation_of_a_dashboard_only(cloudwatch):
    put(cloudwatch, METRIC, Tags=[{"Key": "k", "Value": "v"}])
    put(cloudwatch, METRIC, Tags=[{"Key": "k", "Value": "other"}])
    arn = cloudwatch.get_dashboard(DashboardName="board")["DashboardArn"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "more", "Value": "too"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["k"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "more", "Value": "too"}]


def test_a_dashboard_is_the_same_in_every_region(cloudwatch):
    put(cloudwatch, METRIC)
    elsewhere = boto3.client("cloudwatch", region_name="eu-west-1")
    assert [d["DashboardName"] for d in elsewhere.list_dashboards()["DashboardEntries"]] == ["board"]


def test_an_absent_dashboard_does_not_keep_the_others(cloudwatch):
    put(cloudwatch, METRIC)
    with pytest.raises(ClientError) as refused:
        cloudwatch.delete_dashboards(DashboardNames=["board", "absent"])
    assert code_of(refused) == "ResourceNotFound"
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


def test_log_groups_are_told_with_their_class_and_found_by_a_part_of_the_name(logs):
    logs.create_log_group(logGroupName="/aws/ecs/web")
    logs.create_log_group(logGroupName="/aws/ecs/delivered", logGroupClass="DELIVERY")
    (web,) = logs.describe_log_groups(logGroupNamePattern="ecs/w")["logGroups"]
    assert (web["logGroupClass"], web["deletionProtectionEnabled"]) == ("STANDARD", False)
    (delivered,) = logs.describe_log_groups(logGroupClass="DELIVERY")["logGroups"]
    assert delivered["retentionInDays"] == 2


def test_an_alarm_begins_without_data_and_an_update_keeps_its_state_and_tags(cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM, Tags=[{"Key": "team", "Value": "ours"}])
    (made,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert made["StateValue"] == "INSUFFICIENT_DATA"
    cloudwatch.set_alarm_state(AlarmName="alarm", StateValue="ALARM", StateReason="test")
    cloudwatch.put_metric_alarm(**ALARM, Tags=[{"Key": "team", "Value": "theirs"}])
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"
    tags = cloudwatch.list_tags_for_resource(ResourceARN=made["AlarmArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "ours"}]
