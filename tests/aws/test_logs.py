import json

import boto3
import pytest
import structlog
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from wire import answer, refusal

from reconciler.aws import logs


def test_logs_are_json_on_stderr_where_no_person_looks(capsys):
    logs.configure("info")
    structlog.get_logger().info("called", step="ec2.create_vpc")
    out, err = capsys.readouterr()
    assert out == ""
    line = json.loads(err)
    assert (line["event"], line["level"], line["step"]) == ("called", "info", "ec2.create_vpc")


def test_calls_are_not_logged_unless_asked_for(capsys):
    logs.configure()
    structlog.get_logger().info("called")
    structlog.get_logger().warning("refused")
    assert json.loads(capsys.readouterr().err)["event"] == "refused"


def test_each_call_is_logged_with_its_request_and_code_and_without_its_parameters(capsys):
    logs.configure("debug")
    session = boto3.Session("test", "test", region_name="us-east-1")
    logs.every_call(session.events)
    said = iter([answer({"clusterArns": []}), refusal("ClusterNotFoundException")])
    session.events.register("before-send", lambda **_: next(said))
    client = session.client("ecs")
    client.list_clusters()
    with pytest.raises(ClientError):
        client.describe_clusters(clusters=["secret"])
    err = capsys.readouterr().err
    listed, described = map(json.loads, err.splitlines())
    assert (listed["call"], listed["request"], listed["tries"]) == ("ecs.ListClusters", "r-1", 1)
    assert "code" not in listed
    assert (described["call"], described["code"]) == ("ecs.DescribeClusters", "ClusterNotFoundException")
    assert "secret" not in err


def test_secrets_in_what_is_logged_are_hidden(capsys):
    logs.configure("info")
    error = ValueError("cannot read postgres://shop:hunter2@db")
    structlog.get_logger().error("a bug", call="serve --password=hunter2", tries=2, exc_info=error)
    err = capsys.readouterr().err
    line = json.loads(err)
    assert (line["call"], line["tries"]) == ("serve --password=(hidden)", 2)
    assert "ValueError: cannot read postgres://shop:(hidden)@db" in line["exception"]
    assert "hunter2" not in err


def test_on_other_levels_no_call_is_listened_to():
    logs.configure()
    logs.every_call(None)


def test_a_call_that_reached_nobody_is_logged_too(capsys):
    logs.configure("debug")
    session = boto3.Session("test", "test", region_name="us-east-1")
    logs.every_call(session.events)
    once = Config(retries={"total_max_attempts": 1})
    with pytest.raises(EndpointConnectionError):
        session.client("ecs", endpoint_url="http://127.0.0.1:9", config=once).list_clusters()
    line = json.loads(capsys.readouterr().err)
    assert (line["call"], line["code"]) == ("ecs.ListClusters", "EndpointConnectionError")
