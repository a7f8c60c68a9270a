"""The embedded AWS records each call with its author, and tells it by LookupEvents."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from makers import code_of

from reconciler.sandbox import HARSH, REAL, Clock, install
from reconciler.sandbox.cloudtrail import events

ONCE = Config(retries={"total_max_attempts": 1})
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    ],
}

ALL = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


def trail(region: str = "us-east-1") -> Any:
    return boto3.client("cloudtrail", region_name=region, config=ONCE)


def look_up(attribute: str, value: str, region: str = "us-east-1", **further: Any) -> list[dict[str, Any]]:
    asked = {"LookupAttributes": [{"AttributeKey": attribute, "AttributeValue": value}], **further}
    return list(trail(region).lookup_events(**asked)["Events"])


def record(event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event["CloudTrailEvent"])
    return found


def of_alice(service: str, client: Callable[[str], Any]) -> Any:
    client("iam").create_user(UserName="alice")
    client("iam").put_user_policy(UserName="alice", PolicyName="all", PolicyDocument=ALL)
    made = client("iam").create_access_key(UserName="alice")["AccessKey"]
    keys = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
    return boto3.client(service, region_name="us-east-1", **keys)


def test_a_write_is_told_with_its_author_its_parameters_and_its_answer(client):
    arn = of_alice("ecs", client).create_cluster(clusterName="c")["cluster"]["clusterArn"]
    (event,) = look_up("EventName", "CreateCluster")
    told = record(event)
    assert (event["Username"], event["ReadOnly"], event["EventSource"]) == (
        "alice",
        "false",
        "ecs.amazonaws.com",
    )
    assert told["userIdentity"]["arn"] == "arn:aws:iam::123456789012:user/alice"
    assert told["requestParameters"] == {"clusterName": "c"}
    assert told["responseElements"]["cluster"]["clusterArn"] == arn
    assert told["eventID"] == event["EventId"]
    assert told["userAgent"].startswith("Boto3/")
    assert event["Resources"] == []


def test_a_session_is_told_by_its_name_and_its_role(client):
    client("iam").create_role(RoleName="Admin", AssumeRolePolicyDocument=json.dumps(TRUST))
    client("iam").put_role_policy(RoleName="Admin", PolicyName="all", PolicyDocument=ALL)
    arn = "arn:aws:iam::123456789012:role/Admin"
    made = client("sts").assume_role(RoleArn=arn, RoleSessionName="bob")["Credentials"]
    keys = (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    boto3.client("ecs", "us-east-1", aws_access_key_id=keys[0], aws_secret_access_key=keys[1]).create_cluster()
    (event,) = look_up("Username", "bob")
    identity = record(event)["userIdentity"]
    assert identity["arn"] == "arn:aws:sts::123456789012:assumed-role/Admin/bob"
    assert identity["sessionContext"]["sessionIssuer"]["userName"] == "Admin"


def test_a_refused_call_is_told_with_its_error(client):
    with pytest.raises(ClientError):
        client("ec2").delete_vpc(VpcId="vpc-0123456789abcdef0")
    with pytest.raises(ClientError):
        client("iam").delete_role(RoleName="nobody")
    errors = [record(look_up("EventName", name)[0]) for name in ("DeleteVpc", "DeleteRole")]
    assert [error["errorCode"] for error in errors] == ["Client.InvalidVpcID.NotFound", "NoSuchEntity"]
    assert all(error["responseElements"] is None for error in errors)


def test_resources_are_ids_of_ec2_and_names_of_iam_only(client):
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    client("logs").create_log_group(logGroupName="/g")
    client("ec2").create_tags(Resources=[vpc], Tags=[{"Key": "k", "Value": "v"}])
    assert [event["EventName"] for event in look_up("ResourceName", vpc)] == ["CreateTags", "CreateVpc"]
    assert [event["EventName"] for event in look_up("ResourceName", "r")] == ["CreateRole"]
    assert look_up("ResourceName", "/g") == []
    sent = record(look_up("EventName", "CreateTags")[0])["requestParameters"]
    assert sent["resourcesSet"] == {"items": [{"resourceId": vpc}]}
    assert sent["tagSet"] == {"items": [{"key": "k", "value": "v"}]}


def test_sources_and_regions_are_those_of_cloudtrail(client):
    eu = boto3.client("application-autoscaling", region_name="eu-west-1")
    with pytest.raises(ClientError):
        eu.deregister_scalable_target(
            ServiceNamespace="ecs", ResourceId="service/c/s", ScalableDimension="ecs:service:DesiredCount"
        )
    boto3.client("cloudwatch", region_name="eu-west-1").put_dashboard(
        DashboardName="d", DashboardBody='{"widgets": []}'
    )
    boto3.client("iam", region_name="eu-west-1").create_user(UserName="u")
    told = [event["EventSource"] for event in trail("eu-west-1").lookup_events()["Events"]]
    assert {"autoscaling.amazonaws.com", "monitoring.amazonaws.com"} <= {*told}
    assert "iam.amazonaws.com" not in told
    assert look_up("EventName", "CreateUser")


def test_calls_on_data_are_not_told(client):
    client("logs").create_log_group(logGroupName="/g")
    client("logs").create_log_stream(logGroupName="/g", logStreamName="s")
    client("logs").put_log_events(
        logGroupName="/g", logStreamName="s", logEvents=[{"timestamp": 0, "message": "m"}]
    )
    assert [event["EventName"] for event in look_up("EventSource", "logs.amazonaws.com")] == [
        "CreateLogStream",
        "CreateLogGroup",
    ]


def test_pages_have_fifty_events_the_newest_first(client, clock: Clock):
    for number in range(60):
        client("iam").create_user(UserName=f"u{number}")
        clock.advance(1)
    asked = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}]}
    first = trail().lookup_events(**asked)
    second = trail().lookup_events(**asked, NextToken=first["NextToken"])
    names = [record(e)["requestParameters"]["userName"] for e in first["Events"] + second["Events"]]
    assert names == [f"u{number}" for number in reversed(range(60))]
    assert "NextToken" not in second
    with pytest.raises(ClientError) as refused:
        trail().lookup_events(NextToken=first["NextToken"])
    assert code_of(refused) == "InvalidNextTokenException"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        (
            {"StartTime": datetime(2026, 1, 2, tzinfo=UTC), "EndTime": datetime(2026, 1, 1, tzinfo=UTC)},
            "InvalidTimeRangeException",
        ),
        (
            {
                "LookupAttributes": [
                    {"AttributeKey": k, "AttributeValue": "v"} for k in ("EventName", "EventId")
                ]
            },
            "InvalidLookupAttributesException",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "Region", "AttributeValue": "v"}]},
            "InvalidLookupAttributesException",
        ),
        ({"EventCategory": "data"}, "InvalidEventCategoryException"),
        ({"NextToken": "x"}, "InvalidNextTokenException"),
    ],
)
def test_what_lookup_events_refuses(aws, asked, code):
    client = boto3.client("cloudtrail", region_name="us-east-1", config=Config(parameter_validation=False))
    with pytest.raises(ClientError) as refused:
        client.lookup_events(**asked)
    assert code_of(refused) == code


def test_events_are_kept_for_ninety_days_and_within_the_time_asked_for(client, clock: Clock):
    client("iam").create_user(UserName="u")
    made = clock.date(clock.now())
    clock.advance(3600)
    assert look_up("EventName", "CreateUser", StartTime=made - timedelta(seconds=5))
    assert not look_up("EventName", "CreateUser", StartTime=made + timedelta(seconds=5))
    clock.advance(90 * 24 * 3600)
    assert not look_up("EventName", "CreateUser")


@pytest.mark.parametrize(("profile", "seconds"), [(REAL, 450), (HARSH, 1500)])
def test_events_come_minutes_late(client, clock: Clock, profile, seconds):
    install(profile, clock=clock)
    client("ecs").create_cluster(clusterName="c")
    clock.advance(60)
    assert look_up("EventName", "CreateCluster") == []
    clock.advance(seconds)
    assert look_up("EventName", "CreateCluster")


def test_two_questions_a_second_are_allowed_in_an_account_and_region(aws, clock: Clock):
    install(REAL, clock=clock)
    for _ in range(2):
        trail().lookup_events()
    with pytest.raises(ClientError) as refused:
        trail().lookup_events()
    assert code_of(refused) == "ThrottlingException"
    assert trail("eu-west-1").lookup_events()
    clock.advance(1)
    trail().lookup_events()


def test_no_more_than_so_many_events_are_kept(client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(events, "MOST_WRITES", 3)
    for number in range(5):
        client("ecs").create_cluster(clusterName=f"c{number}")
    kept = [
        record(event)["requestParameters"]["clusterName"] for event in look_up("EventName", "CreateCluster")
    ]
    assert kept == ["c4", "c3", "c2"]


def test_a_trail_can_be_made_and_logs_what_is_written(client):
    made = client("cloudtrail")
    made.create_trail(Name="main", S3BucketName="any")
    made.start_logging(Name="main")
    assert [each["Name"] for each in made.describe_trails()["trailList"]] == ["main"]
    assert made.get_trail_status(Name="main")["IsLogging"]
    (selector,) = made.get_event_selectors(TrailName="main")["EventSelectors"]
    assert (selector["ReadWriteType"], selector["IncludeManagementEvents"]) == ("All", True)
