"""Which of the resources in an account a run looks at."""

from dataclasses import replace
from threading import Event

import pytest
from structlog.testing import capture_logs
from test_reads import looking
from toys import Toy
from wire import refusal

from reconciler.aws.candidates import is_candidate, is_kept
from reconciler.aws.indexed import rules_out
from reconciler.errors import ReadFailed
from reconciler.model.references import Address


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


@pytest.mark.parametrize(
    ("directly", "is_ruled_out"),
    [(frozenset(), True), (frozenset({Address("toy", "hidden")}), False), (None, False)],
    ids=["by the index", "one is looked for directly", "all is read directly"],
)
def test_a_type_of_which_nothing_is_desired_and_the_index_shows_nothing_is_not_read(directly, is_ruled_out):
    _, view = looking({"ResourceTagMappingList": [{"ResourceARN": "arn:aws:ecs:r:1:cluster/a"}]}, [])
    with view as reads:
        brief = replace(reads, directly=directly)
        assert rules_out(brief, "toy", "ecs:toy/") is is_ruled_out
        assert not rules_out(brief, "toy", "ecs:cluster/")
        assert not rules_out(brief, "toy", "")
