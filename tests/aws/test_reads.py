import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event

import pytest
from botocore.exceptions import ConnectionClosedError
from structlog.testing import capture_logs
from toys import KINDS, STACK, Toy
from wire import Wire, ec2_refusal, refusal

from reconciler.aws.candidates import is_candidate, is_kept
from reconciler.aws.parallel import batches
from reconciler.aws.read_requests import Asker
from reconciler.aws.reads import Reads, open_reads
from reconciler.aws.turns import Turns
from reconciler.errors import ReadFailed
from reconciler.model.spec import Live
from reconciler.resources.kind import Kind, read_all

ARNS = {"clusterArns": ["arn:1", "arn:2"]}


def looking(say, wanted=()):
    wire = Wire(say if callable(say) else lambda *_: say)
    return wire, open_reads(wire.aws, STACK, wanted)


def test_lists_are_read_to_their_end():
    def say(_operation, body):
        return {"clusterArns": ["c"]} if b"more" in body else ARNS | {"nextToken": "more"}

    wire, view = looking(say)
    with view as reads:
        assert reads.pages("ecs", "list_clusters", "clusterArns[]") == ["arn:1", "arn:2", "c"]
    assert wire.sent == {"ListClusters": 2}


def test_deployments_are_read_to_their_end_though_botocore_has_no_pages_of_them():
    def say(_operation, body):
        token = {} if b"p2" in body else {"nextToken": "p2" if b"p1" in body else "p1"}
        return {"serviceDeployments": [{"status": "SUCCESSFUL"}], **token}

    wire, view = looking(say)
    with view as reads:
        found = reads.pages("ecs", "list_service_deployments", "serviceDeployments[]", service="s")
    assert (len(found), wire.sent) == (3, {"ListServiceDeployments": 3})


def test_the_same_is_asked_once_whatever_is_looked_for_in_it():
    wire, view = looking(lambda *_: time.sleep(0.05) or ARNS)
    with view as reads, ThreadPoolExecutor(8) as threads:
        paths = ["clusterArns[]", "clusterArns[:1]"] * 4
        found = list(threads.map(lambda path: reads.pages("ecs", "list_clusters", path), paths))
        assert found == [["arn:1", "arn:2"], ["arn:1"]] * 4
        assert reads.for_specs([]).pages("ecs", "list_clusters", "clusterArns[]")
        assert wire.sent == {"ListClusters": 1}
        reads.fresh().pages("ecs", "list_clusters", "clusterArns[]")
    assert wire.sent == {"ListClusters": 2}


def test_other_parameters_are_another_question():
    wire, view = looking({"clusters": [{"clusterName": "c"}]})
    with view as reads:
        for names in (["a"], ["b"], ["a"]):
            assert reads.ask("ecs", "describe_clusters", "clusters[0].clusterName", clusters=names) == "c"
    assert wire.sent == {"DescribeClusters": 2}


def test_what_is_absent_is_none_and_only_for_whoever_expects_it():
    _, view = looking(refusal("RepositoryPolicyNotFoundException"))
    absent = {"absent": ("RepositoryPolicyNotFoundException",), "repositoryName": "repo"}
    with view as reads:
        assert reads.ask("ecr", "get_repository_policy", **absent) is None
        with pytest.raises(ReadFailed, match="RepositoryPolicyNotFound"):
            reads.ask("ecr", "get_repository_policy", repositoryName="repo")


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("AccessDeniedException"),
        ec2_refusal("UnauthorizedOperation", status=403),
        "<DescribeVpcsResponse><",
    ],
)
def test_a_question_without_a_whole_answer_stops_everything(trouble):
    _, view = looking(trouble)
    with view as reads, pytest.raises(ReadFailed, match=r"AWS did not answer ec2.describe_vpcs") as raised:
        reads.pages("ec2", "describe_vpcs", "Vpcs[]")
    assert raised.value.service == "ec2"


def test_a_list_that_breaks_off_is_no_list():
    said = iter([ARNS | {"nextToken": "more"}, refusal("AccessDeniedException")])
    _, view = looking(lambda *_: next(said))
    with view as reads, pytest.raises(ReadFailed):
        reads.pages("ecs", "list_clusters", "clusterArns[]")


def test_an_answer_with_more_to_come_is_not_taken_for_all_of_it():
    said = iter([{"capacityProviders": [], "nextToken": "more"}, ARNS | {"nextToken": "more"}, ARNS])
    _, view = looking(lambda *_: next(said))
    with view as reads:
        with pytest.raises(ReadFailed, match="next page"):
            reads.ask("ecs", "describe_capacity_providers", "capacityProviders")
        with pytest.raises(ReadFailed, match="more pages"):
            reads.ask("ecs", "list_clusters", "clusterArns")


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
@pytest.mark.parametrize(
    ("operation", "params"),
    [("list_clusters", {}), ("list_service_deployments", {"service": "s"})],  # with botocore's pages, and ours
)
def test_pages_that_go_round_end(operation, params, tokens):
    said = iter(tokens)
    wire, view = looking(lambda *_: {"clusterArns": [], "serviceDeployments": [], "nextToken": next(said)})
    with view as reads, pytest.raises(ReadFailed, match=f"pages of {operation} do not end: the token '.' came"):
        reads.pages("ecs", operation, "clusterArns[]", **params)
    assert wire.sent.total() == len(tokens)


def test_a_marker_is_the_next_page_only_where_there_is_one():
    page = "<ListRolesResponse><ListRolesResult><Roles/>{}</ListRolesResult></ListRolesResponse>"
    more = page.format("<IsTruncated>true</IsTruncated><Marker>m</Marker>")
    said = iter([more, page.format("<IsTruncated>false</IsTruncated><Marker>m</Marker>"), more, more])
    wire, view = looking(lambda *_: next(said))
    with view as reads:
        assert reads.pages("iam", "list_roles", "Roles[]") == []
        with pytest.raises(ReadFailed, match="pages of list_roles do not end"):
            reads.fresh().pages("iam", "list_roles", "Roles[]")
    assert wire.sent == {"ListRoles": 4}


def test_reads_before_a_plan_are_repeated_and_those_that_can_be_stopped_are_not():
    said = iter([ConnectionClosedError(endpoint_url="https://x"), ARNS, refusal("ServerException", status=500)])
    wire, view = looking(lambda *_: next(said))
    with view as reads:
        assert reads.pages("ecs", "list_clusters", "clusterArns[]")
        with pytest.raises(ReadFailed):
            reads.fresh(Event()).pages("ecs", "list_clusters", "clusterArns[]")
    assert wire.sent == {"ListClusters": 3}


def test_nothing_is_asked_after_a_stop():
    stop = Event()
    wire, view = looking(lambda *_: stop.set() or ARNS | {"nextToken": "more"})
    with view as reads:
        for view_again in (reads.fresh(stop), reads.fresh(stop)):
            with pytest.raises(ReadFailed, match="stopped"):
                view_again.pages("ecs", "list_clusters", "clusterArns[]")
    assert wire.sent == {"ListClusters": 1}


def test_the_last_page_too_is_given_up_after_a_stop():
    stop = Event()
    _, view = looking(lambda *_: stop.set() or ARNS)
    with view as reads, pytest.raises(ReadFailed, match="stopped"):
        reads.fresh(stop).pages("ecs", "list_clusters", "clusterArns[]")


def test_each_page_takes_a_turn_of_its_own():
    rests, said = [], iter([*(ARNS | {"nextToken": f"{n}"} for n in range(49)), ARNS])
    wire = Wire(lambda *_: next(said))
    Asker(wire.aws, Turns(lambda: 0.0, rests.append)).ask("ecs", "list_clusters", {})
    assert len(rests) == 50 - 45  # nine tenths of AWS's burst go at once


def test_a_question_that_is_being_made_ready_is_not_sent_any_more():
    stop = Event()
    wire, view = looking(ARNS)
    events = wire.aws.client("ecs", retries=False).meta.events
    events.register("before-sign", lambda **_: stop.set(), unique_id="signal")
    try:
        with view as reads, pytest.raises(ReadFailed, match="stopped"):
            reads.fresh(stop).pages("ecs", "list_clusters", "clusterArns[]")
    finally:
        events.unregister("before-sign", unique_id="signal")
    assert not wire.sent


def test_many_kinds_may_ask_for_many_things_at_once():
    """More kinds than threads in the pool, and each waits for it."""

    def say(_operation, _body):
        time.sleep(0.001)
        return {"clusters": [{}]}

    def read(reads):
        ask = lambda n: reads.ask("ecs", "describe_clusters", "clusters", clusters=[str(n % 40)])  # noqa: E731
        yield from (Live(Toy(name=f"{n}"), {"id": "1"}) for n, _ in enumerate(reads.map(ask, range(50))))

    wire, view = looking(say)
    kinds = {f"{n}": Kind(Toy, read, KINDS["toy"].ensure, KINDS["toy"].remove, "toys") for n in range(25)}
    with view as reads, ThreadPoolExecutor(1) as aside:
        done = aside.submit(read_all, reads, kinds)
        assert not wait([done], 20).not_done
        assert len(done.result()) == 25 * 50
    assert wire.sent == {"DescribeClusters": 40}


def test_one_kind_that_cannot_be_read_stops_the_reading():
    def read(_reads):
        yield Live(Toy(name="a"), {"id": "1"})
        raise ReadFailed("no")

    _, view = looking({})
    kinds = {"toy": Kind(Toy, read, KINDS["toy"].ensure, KINDS["toy"].remove, "toys")}
    with view as reads, pytest.raises(ReadFailed):
        read_all(reads, kinds)


def test_only_what_may_be_ours_is_worth_a_question():
    wire, view = looking({"ResourceTagMappingList": [{"ResourceARN": "arn:tagged"}]}, [Toy(name="wanted")])
    with view as reads:
        names = ["wanted", "svc-dev", "dev-x", "devil", "svc-dev2", "other"]
        assert [n for n in names if is_candidate(reads, "toy", n, "arn:x")] == ["wanted", "svc-dev", "dev-x"]
        assert is_candidate(reads, "toy", "other", "arn:tagged")
        assert not is_candidate(reads, "slot", "wanted", "arn:x")
    assert wire.sent == {"GetResources": 1}


def test_what_is_wanted_is_kept_unless_all_of_it_is_about_to_go():
    _, view = looking({}, [Toy(name="wanted")])
    with view as reads:
        assert is_kept(reads, "toy", "wanted")
        assert not is_kept(reads, "toy", "other")
        assert not is_kept(replace(reads, destroying=True), "toy", "wanted")


def test_where_the_tagging_api_may_not_be_asked_there_are_fewer_candidates_and_one_warning():
    wire, view = looking(refusal("AccessDeniedException"))
    with view as reads, capture_logs() as logs:
        assert not any(is_candidate(reads, "toy", name, "arn:tagged") for name in ("other", "another"))
    assert [(entry["log_level"], entry["operation"]) for entry in logs] == [("warning", "tag:GetResources")]
    assert wire.sent == {"GetResources": 1}


def test_where_the_tagging_api_does_not_answer_nothing_is_concluded():
    _, view = looking(refusal("InternalServiceException", status=500))
    with view as reads, pytest.raises(ReadFailed):
        is_candidate(reads.fresh(Event()), "toy", "other", "arn:tagged")


def test_what_is_read_for_many_may_itself_read_many():
    with ThreadPoolExecutor(1) as pool:
        reads = Reads(Wire(lambda *_: {}).aws, STACK, pool)
        assert reads.map(lambda n: sum(reads.map(lambda m: 10 * n + m, range(3))), [1, 2]) == [33, 63]
        assert reads.for_specs([]).in_batches(lambda batch: reads.map(str, batch), [1, 2, 3], 2) == [*"123"]


def test_batches():
    assert batches(range(5), 2) == [[0, 1], [2, 3], [4]]
    assert batches([], 2) == []


def test_no_thread_stays():
    before = threading.active_count()
    _, view = looking(ARNS)
    with view as reads:
        reads.map(lambda _: reads.pages("ecs", "list_clusters", "clusterArns[]"), range(9))
    assert threading.active_count() == before
