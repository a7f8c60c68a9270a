"""If AWS does not answer at all, nothing goes on asking for ever."""

import threading
from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from structlog.testing import capture_logs
from toys import STACK
from wire import Wire, answer

from reconciler.aws.client import RETRYING_CONFIG, Aws
from reconciler.aws.reads import open_reads
from reconciler.aws.silence import FIRST_ANSWER_WITHIN, Silence
from reconciler.errors import ReadFailed
from reconciler.render.explain_error import explain_error

URL = "https://x"


def make(wire: Wire, seconds_each: float, **limits: float) -> Aws:
    """Return a connection to a Wire, each of whose answers takes so long by the connection's own clock."""
    at = [0.0]

    def now() -> float:
        return at[0]

    def send(operation: str, body: object) -> object:
        at[0] += seconds_each
        return say(operation, body)

    say, wire.say = wire.say, send
    return replace(wire.aws, silence=Silence(now, **limits), _clients={})


def test_one_try_of_a_read_takes_as_long_as_the_first_answer_may():
    assert RETRYING_CONFIG.read_timeout == FIRST_ANSWER_WITHIN == 20


@pytest.mark.parametrize(
    "error", [ReadTimeoutError(endpoint_url=URL), EndpointConnectionError(endpoint_url=URL)]
)
def test_the_first_question_is_given_up(error: Exception):
    wire = Wire(lambda *_: error)
    aws = make(wire, 20)
    with (
        open_reads(aws, STACK) as reads,
        pytest.raises(ReadFailed, match=r"did not answer sts\.get_caller") as raised,
    ):
        reads.ask("sts", "get_caller_identity")
    assert wire.sent == {"GetCallerIdentity": 1}
    assert explain_error(raised.value).cause


def test_a_network_that_lets_nothing_through_is_named():
    error = ReadFailed("AWS did not answer sts.get_caller_identity")
    error.__cause__ = ReadTimeoutError(endpoint_url=URL)
    explanation = explain_error(error)
    assert "a proxy, a VPC endpoint or a firewall" in explanation.cause
    assert "HTTPS_PROXY" in explanation.remedy


def test_later_questions_are_asked_again_until_there_was_no_answer_for_too_long():
    said = iter([answer({"clusterArns": []}), *[ReadTimeoutError(endpoint_url=URL)] * 3])
    wire = Wire(lambda *_: next(said))
    aws = make(wire, 20, answers_within=60)
    with open_reads(aws, STACK) as reads:
        reads.pages("ecs", "list_clusters", "clusterArns[]")
        with pytest.raises(ReadFailed):
            reads.ask("ecs", "describe_clusters")
    assert wire.sent == {"ListClusters": 1, "DescribeClusters": 3}


def test_what_is_waited_for_is_told():
    aws = make(Wire(lambda *_: ReadTimeoutError(endpoint_url=URL)), 20)
    with capture_logs() as logs:
        aws.silence.tell()
        with open_reads(aws, STACK) as reads, pytest.raises(ReadFailed):
            reads.ask("sts", "get_caller_identity")
        aws.silence.tell()
    assert [(entry["operation"], entry["seconds"]) for entry in logs] == [("sts.GetCallerIdentity", 20)]


def test_the_thread_that_tells_of_it_ends_with_what_it_watches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("reconciler.aws.silence.TOLD_AFTER", 0.01)
    with Silence().told():
        (watching,) = (thread for thread in threading.enumerate() if thread.name == "silence")
    watching.join(600)
    assert not watching.is_alive()


@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_ends_the_silence_and_a_page_of_a_proxy_does_not(status: int):
    said = iter([answer("<html/>", status), answer({"clusterArns": []})])
    aws = make(Wire(lambda *_: next(said)), 5, first_answer_within=5)
    with open_reads(aws, STACK) as reads:
        with pytest.raises(ReadFailed):
            reads.ask("ecs", "list_clusters")
        assert aws.silence.seconds == 5
        reads.fresh().ask("ecs", "list_clusters")
    assert aws.silence.seconds == 0
