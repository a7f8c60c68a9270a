from dataclasses import replace
from threading import Event

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from wire import Wire, answer, connection, ec2_refusal, refusal

from reconciler.aws.client import connect, enclosed
from reconciler.errors import Stopped, WaitFailed
from reconciler.model.steps import BlockerQuery, Call, ErrorMatch, Held, NotYet, Rollout, Wait, Warned

URL = "https://x"
CREATE = Call(
    "ecs", "create_cluster", {"clusterName": "c"}, {"id": "cluster.clusterName", "none": "cluster.no"}
)
LOOK = Call("ecs", "describe_clusters", {"clusters": ["c"]})
VPC = Call("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, {"id": "Vpc.VpcId"})
ACTIVE = {
    "operation": "DescribeClusters",
    "acceptors": [
        {"matcher": "path", "argument": "clusters[0].status", "expected": "ACTIVE", "state": "success"},
        {"matcher": "path", "argument": "clusters[0].status", "expected": "FAILED", "state": "failure"},
        {"matcher": "error", "expected": "ClusterNotFoundException", "state": "retry"},
    ],
}
WAIT = Wait(
    "ecs",
    "cluster_active",
    {"clusters": ["c"]},
    ACTIVE,
    {"status": "clusters[0].status"},
    why="clusters[0].[status, clusterName]",
)


def attempt(step, *answers):
    said = iter(answers)
    wire = Wire(lambda _operation, _body: next(said))
    return wire.aws.attempt(step)


def test_an_answer_gives_the_outputs_that_it_holds():
    assert attempt(CREATE, {"cluster": {"clusterName": "c"}}) == {"id": "c"}


PUT_TARGETS = Call(
    "events",
    "put_targets",
    {"Rule": "r", "Targets": [{"Id": "q", "Arn": "arn:aws:sqs:us-east-1:1:q"}]},
    ignore=("ResourceNotFoundException",),
    refused="FailedEntries[].[ErrorCode, ErrorMessage]",
)


def refused_entries(*codes):
    entries = [{"TargetId": "q", "ErrorCode": code, "ErrorMessage": f"{code} it is"} for code in codes]
    return {"FailedEntryCount": len(entries), "FailedEntries": entries}


def test_entries_that_aws_did_not_take_are_no_success_though_the_answer_says_so():
    assert attempt(PUT_TARGETS, refused_entries()) == {}
    assert attempt(PUT_TARGETS, refused_entries("ResourceNotFoundException")) == {}
    assert type(attempt(PUT_TARGETS, refused_entries("ConcurrentModificationException"))) is NotYet
    assert type(attempt(PUT_TARGETS, refused_entries("ThrottlingException"))) is NotYet
    with pytest.raises(ClientError, match="LimitExceededException it is"):
        attempt(PUT_TARGETS, refused_entries("ResourceNotFoundException", "LimitExceededException"))


@pytest.mark.parametrize(
    "step", [CREATE, LOOK, WAIT, Rollout({"cluster": "c", "service": "s", "deployment": "d"})]
)
@pytest.mark.parametrize(
    "trouble", [refusal("ServerException", status=500), ReadTimeoutError(endpoint_url=URL)]
)
def test_every_step_is_sent_once(step, trouble):
    wire = Wire(lambda *_: trouble)
    said = wire.aws.attempt(step)
    assert wire.sent.total() == 1
    assert (type(said), said.answer_lost) == (NotYet, step is CREATE)


@pytest.mark.parametrize("variables", [{"AWS_MAX_ATTEMPTS": "9"}, {"AWS_RETRY_MODE": "adaptive"}])
def test_no_variable_makes_it_twice(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    connection.cache_clear()  # what the variables say is read when a client is made
    wire = Wire(lambda *_: refusal("ServerException", status=500))
    wire.aws.attempt(CREATE)
    retries = wire.aws.client("ecs", retries=False).meta.config.retries
    assert (wire.sent.total(), retries["total_max_attempts"], retries["mode"]) == (1, 1, "standard")
    connection.cache_clear()


@pytest.mark.parametrize(
    "trouble",
    [
        ConnectionClosedError(endpoint_url=URL),
        ReadTimeoutError(endpoint_url=URL),
        ec2_refusal("InternalError", status=500),
        answer("<CreateVpcResponse><vpc>", 200),  # cut short
    ],
)
def test_what_was_perhaps_done_is_lost(trouble):
    assert attempt(VPC, trouble).answer_lost


@pytest.mark.parametrize(
    "trouble",
    [
        ConnectTimeoutError(endpoint_url=URL),
        EndpointConnectionError(endpoint_url=URL),
        ec2_refusal("RequestLimitExceeded", status=503),  # EC2 throttles with a 503
        ec2_refusal("Throttling"),
        ec2_refusal("EC2ThrottledException", status=503),
        ec2_refusal("TransactionInProgressException"),
    ],
)
def test_what_was_never_done_is_not_lost(trouble):
    said = attempt(VPC, trouble)
    assert (type(said), said.answer_lost) == (NotYet, False)


def test_warnings_are_told_in_words():
    step = replace(LOOK, warnings="failures[].join(': ', [arn, reason])")
    assert attempt(step, {"failures": []}) == {}
    assert attempt(step, {"failures": [{"arn": "c", "reason": "MISSING"}]}) == Warned({}, ("c: MISSING",))


def test_tolerance_is_data():
    busy = ErrorMatch("InvalidParameterException", "service linked role")
    step = Call(
        "ecs", "create_cluster", {}, retry=(busy,), ignore=("Already",), hold=("Missing",), remedy="push"
    )
    assert isinstance(
        attempt(step, refusal("InvalidParameterException", "the Service Linked Role ...")), NotYet
    )
    assert attempt(step, refusal("AlreadyException")) == {}
    assert attempt(step, refusal("MissingException", "not there")) == Held("not there", "push")
    with pytest.raises(ClientError, match="other words"):
        attempt(step, refusal("InvalidParameterException", "other words"))


def test_a_call_that_botocore_does_not_know_is_not_tried_again():
    with pytest.raises(ParamValidationError):
        attempt(Call("ecs", "create_cluster", {"nonsense": 1}))


def stopping(answer):
    """Return an AWS, and a stop that is requested while it answers the first request."""
    stop = Event()
    return Wire(lambda *_: stop.set() or answer), stop


FAILING = {
    "id": "d",
    "status": "PRIMARY",
    "createdAt": 0,
    "desiredCount": 2,
    "runningCount": 1,
    "failedTasks": 1,
}
SERVICE = {
    "status": "ACTIVE",
    "serviceName": "s",
    "serviceArn": "a",
    "clusterArn": "c",
    "deployments": [FAILING],
}


def test_no_further_call_of_a_rollout_begins_after_a_stop():
    wire, stop = stopping({"services": [SERVICE]})
    step = Rollout({"cluster": "c", "service": "s", "deployment": "d"})
    assert wire.aws.attempt(step, stop) == NotYet("stopped")
    assert wire.sent == {"DescribeServices": 1}


def test_no_further_question_about_blockers_is_asked_after_a_stop():
    wire, stop = stopping({"taskArns": ["t-1"]})
    tasks = BlockerQuery("ecs", "list_tasks", {}, "taskArns")
    each = BlockerQuery("ecs", "describe_tasks", {}, "tasks", source=tasks, parameter="tasks[]")
    assert wire.aws.blockers([each, tasks], stop).by == ()
    assert wire.sent == {"ListTasks": 1}


@pytest.mark.parametrize("step", [CREATE, WAIT])
def test_nothing_begins_after_a_stop(step):
    wire, stop = stopping({})
    stop.set()
    assert wire.aws.attempt(step, stop) == NotYet("stopped")
    assert not wire.sent


def test_a_call_that_is_being_made_ready_is_not_sent_any_more():
    wire, stop = stopping({})
    events = wire.aws.client("ecs", retries=False).meta.events
    events.register("before-sign", lambda **_: stop.set(), unique_id="signal")
    try:
        assert wire.aws.attempt(CREATE, stop) == NotYet("stopped")
    finally:
        events.unregister("before-sign", unique_id="signal")
    assert not wire.sent


def test_a_stop_ends_the_calls_of_its_own_block_only():
    wire, stop = stopping({"clusterArns": []})
    stop.set()
    with wire.aws.stoppable_clients(stop) as client:
        with wire.aws.stoppable_clients(None) as other:
            other("ecs").list_clusters()
        with pytest.raises(Stopped):
            client("ecs").list_clusters()
    wire.aws.client("ecs", retries=False).list_clusters()
    assert wire.sent == {"ListClusters": 2}


def test_an_error_in_its_block_ends_a_stop_too():
    wire, stop = stopping({"clusterArns": []})
    with pytest.raises(KeyError), wire.aws.stoppable_clients(stop):
        raise KeyError
    stop.set()
    wire.aws.client("ecs", retries=False).list_clusters()
    assert wire.sent == {"ListClusters": 1}


def test_each_call_is_told_as_it_is_made():
    aws, told = enclosed("us-east-1"), []
    aws.notify_of_calls(told.append)
    aws.session.events.register("before-send", lambda **_: answer({"clusters": []}))
    aws.client("ecs").describe_clusters(clusters=["c"])
    assert told == [LOOK]
    assert aws.region == "us-east-1"


def test_clients_are_made_once():
    aws = enclosed("us-east-1")
    aws.warm(["ecs"])
    assert aws.client("ecs") is aws.client("ecs")
    assert aws.client("ecs") is not aws.client("ecs", retries=False)


def cluster(status):
    return {"clusters": [{"status": status, "clusterName": "quota"}]}


def test_a_wait_is_one_look():
    assert attempt(WAIT, cluster("ACTIVE")) == {"status": "ACTIVE"}
    assert attempt(WAIT, cluster("PROVISIONING")) == NotYet("PROVISIONING: quota")
    assert isinstance(attempt(WAIT, refusal("ClusterNotFoundException")).why, ClientError)
    with pytest.raises(WaitFailed, match="cluster_active: FAILED: quota"):
        attempt(WAIT, cluster("FAILED"))
    with pytest.raises(WaitFailed, match="cluster_active cannot be reached any more"):
        attempt(replace(WAIT, why=""), cluster("FAILED"))
    with pytest.raises(ClientError):
        attempt(WAIT, refusal("AccessDeniedException"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ENDPOINT_URL", "https://real"),
        ("AWS_ENDPOINT_URL_ECS", "https://real"),
        ("AWS_PROFILE", "nowhere"),
        ("AWS_SESSION_TOKEN", "real"),
        ("AWS_ACCESS_KEY_ID", "real"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
        ("AWS_REGION", "eu-west-1"),
        ("HTTP_PROXY", "http://real:1"),
    ],
)
def test_nothing_sends_the_sandbox_elsewhere(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    aws = connect("us-east-1", "http://127.0.0.1:5000")
    sent = []

    def send(request, **_):
        sent.append(request)
        return answer({"clusterArns": []})

    aws.session.events.register("before-send", send)
    for retries in (True, False):
        client = aws.client("ecs", retries=retries)
        client.list_clusters()
        assert client._endpoint.http_session._proxy_config.proxy_url_for("http://127.0.0.1:5000") is None
    assert {request.url for request in sent} == {"http://127.0.0.1:5000/"}
    assert all(b"=123456789012/" in request.headers["Authorization"] for request in sent)
    assert not any("X-Amz-Security-Token" in request.headers for request in sent)
