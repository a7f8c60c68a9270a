from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from makers import code_of
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from reconciler.sandbox import CALM, Clock, install
from reconciler.sandbox.faults.wire import faulty, inject

ONCE = Config(retries={"total_max_attempts": 1})
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


def once(service: str, **more: Any) -> Any:
    return boto3.client(service, config=ONCE, **KEYS, **more)


def clusters(**more: Any) -> list[str]:
    return once("ecs", **more).list_clusters()["clusterArns"]


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ecs", "list_clusters", "ThrottlingException"),
        ("ec2", "describe_vpcs", "RequestLimitExceeded"),
        ("iam", "list_roles", "Throttling"),
    ],
)
def test_a_request_is_throttled_in_its_services_words(aws, service, operation, code):
    client = once(service)
    inject(client.meta.events, lambda _: "throttled")
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)()
    assert code_of(refused) == code


def test_a_failed_request_was_not_done(aws):
    ecs = once("ecs")
    inject(ecs.meta.events, lambda _: "failed")
    with pytest.raises(ClientError) as refused:
        ecs.create_cluster(clusterName="c")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert clusters() == []


def test_targets_that_are_refused_in_an_answer_without_an_error_are_left_as_they_are(aws):
    events, faulty_events = once("events"), once("events")
    inject(faulty_events.meta.events, lambda _: "entries")
    events.put_rule(Name="r", EventPattern='{"source": ["x"]}')
    target = {"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}
    answer = faulty_events.put_targets(Rule="r", Targets=[target])
    assert [entry["ErrorCode"] for entry in answer["FailedEntries"]] == ["ConcurrentModificationException"]
    assert events.list_targets_by_rule(Rule="r")["Targets"] == []
    events.put_targets(Rule="r", Targets=[target])
    assert faulty_events.remove_targets(Rule="r", Ids=["q"])["FailedEntryCount"] == 1
    assert events.list_targets_by_rule(Rule="r")["Targets"] == [target]


@pytest.mark.parametrize(("fault", "done"), [("reset", 0), ("lost", 1)])
def test_a_cut_connection_leaves_the_work_undone_or_done(aws, fault, done):
    ecs = once("ecs")
    inject(ecs.meta.events, lambda operation: fault if operation == "CreateCluster" else None)
    with pytest.raises(ConnectionClosedError):
        ecs.create_cluster(clusterName="c")
    assert len(clusters()) == done


def test_a_session_can_be_given_faults_for_all_its_clients(aws):
    session = boto3.Session(**KEYS)
    inject(session.events, lambda _: "reset")
    with pytest.raises(ConnectionClosedError):
        session.client("ecs", config=ONCE).list_clusters()


def test_botocores_own_retry_of_a_lost_answer_does_the_work_twice(aws):
    ec2 = boto3.client("ec2", **KEYS)
    answers = iter(["lost"])
    inject(ec2.meta.events, lambda operation: next(answers, None) if operation == "CreateVpc" else None)
    before = len(ec2.describe_vpcs()["Vpcs"])
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(ec2.describe_vpcs()["Vpcs"]) == before + 2


def outcomes(clock: Clock, seed: int) -> list[str]:
    """Make forty reads with the harsh profile, and return how they ended."""
    install(replace(CALM, throttled=0.2, failed=0.2, lost=0.2), clock=clock, seed=seed)
    ecs = once("ecs")
    inject(ecs.meta.events)
    return [outcome(ecs) for _ in range(40)]


def outcome(ecs: Any) -> str:
    try:
        ecs.list_clusters()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except ConnectionClosedError:
        return "cut"
    return "done"


def test_chance_brings_every_fault_and_repeats_with_the_seed(aws, clock):
    first = outcomes(clock, 1)
    assert set(first) == {"done", "cut", "ThrottlingException", "InternalFailure"}
    assert first == outcomes(clock, 1)
    assert first != outcomes(clock, 2)


def test_a_calm_aws_makes_no_faults(aws):
    ecs = once("ecs")
    inject(ecs.meta.events)
    assert {outcome(ecs) for _ in range(40)} == {"done"}


@pytest.fixture
def endpoint(clock: Clock) -> Iterator[str]:
    install(clock=clock)
    quiet = type("Quiet", (WSGIRequestHandler,), {"log_request": lambda *_: None})
    application = faulty(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("fault", "done"), [("reset", 0), ("lost", 1)])
@pytest.mark.parametrize(("service", "operation"), [("ecs", "CreateCluster"), ("ec2", "CreateVpc")])
def test_the_server_cuts_connections(endpoint, service, operation, fault, done):
    client = once(service, endpoint_url=endpoint)
    before = count(endpoint, service)
    inject(client.meta.events, lambda _: fault)
    with pytest.raises(ConnectionClosedError):
        make(client, operation)
    assert count(endpoint, service) == before + done


def make(client: Any, operation: str) -> None:
    if operation == "CreateVpc":
        client.create_vpc(CidrBlock="10.9.0.0/16")
    else:
        client.create_cluster(clusterName=f"cluster-{count(client.meta.endpoint_url, 'ecs')}")


def count(endpoint: str, service: str) -> int:
    client = once(service, endpoint_url=endpoint)
    return (
        len(client.describe_vpcs()["Vpcs"]) if service == "ec2" else len(client.list_clusters()["clusterArns"])
    )


def test_the_server_throttles_by_chance(endpoint, clock):
    install(replace(CALM, throttled=1.0), clock=clock)
    with pytest.raises(ClientError) as refused:
        clusters(endpoint_url=endpoint)
    assert code_of(refused) == "ThrottlingException"
