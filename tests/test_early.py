"""Questions that are asked before the desired specs are known."""

from dataclasses import replace

import pytest
from botocore import handlers
from crash.inline import disable_threads
from support import SHOP, Counted, connection
from toys import STACK as TOYS
from whole import ENVIRONMENT, applied, default
from wire import Wire, refusal

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.aws.lease import Terms
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint.facts import Facts
from reconciler.early import ask_early
from reconciler.errors import ReadFailed
from reconciler.model.spec import parts
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all
from reconciler.run import Purpose, Writing, open_session
from reconciler.target import Target


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of all operations that are asked for from now on, in order."""
    found: list[str] = []
    record = ("before-call", lambda model, **_: found.append(model.name))
    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", [*handlers.BUILTIN_HANDLERS, record])
    return found


def read(platform: Platform, *, early: bool) -> None:
    with open_reads(connection(), Stack(platform.stack, platform.suffix)) as reads:
        if early:
            ask_early(reads, platform, all_kinds=False)
        specs = blueprint(platform, facts.read_facts(reads, platform))
        read_all(replace(reads.for_specs(specs), directly=frozenset()), KINDS)


@pytest.mark.parametrize("there", [False, True])
def test_a_question_that_is_asked_early_is_not_asked_again_nor_one_that_is_not_wanted(aws, there):
    if there:
        applied(default())
    with Counted() as late:
        read(default(), early=False)
    with Counted() as early:
        read(default(), early=True)
    assert early == late


def test_of_what_the_file_lacks_nothing_is_asked_early(aws, tmp_path):
    file = tmp_path / "platform.yaml"
    file.write_text(f"{SHOP}dashboard: false\n")
    platform = load(file, environ={})
    stack = Stack(platform.stack, platform.suffix)
    with disable_threads(), Counted() as calls, open_reads(connection(), stack) as reads:
        ask_early(reads, platform, all_kinds=False)
    assert calls["ListClusters"]
    assert not {"ListDashboards", "DescribeRepositories"} & {*calls}


def test_names_do_not_depend_on_facts():
    assumed = facts.assume_facts(default(), "aws")
    others = Facts("123456789012", "aws-cn", "us-east-1", ("us-east-1c", "us-east-1a"))
    names = [
        {(spec.kind, spec.physical_name) for spec in parts(blueprint(default(), found)).values()}
        for found in (assumed, others)
    ]
    assert names[0] == names[1]


def test_an_early_question_fails_where_its_answer_is_wanted():
    wire = Wire(lambda *_: refusal("AccessDeniedException"))
    with open_reads(wire.aws, TOYS) as reads:

        def ask(cluster: str) -> list[str]:
            return reads.pages("ecs", "list_services", "serviceArns[]", cluster=cluster)

        reads.ahead(ask, ["a", "b"])
        for cluster in ("a", "b"):
            with pytest.raises(ReadFailed, match="list_services"):
                ask(cluster)
    assert wire.sent == {"ListServices": 2}


def test_an_early_question_that_fails_keeps_no_other_from_being_asked():
    """The caller is asked meanwhile: it tells that these are the credentials of another account."""
    wire = Wire(lambda *_: refusal("AccessDeniedException"))
    with disable_threads(), open_reads(wire.aws, TOYS) as reads:
        ask_early(reads, default(), all_kinds=True)
        with pytest.raises(ReadFailed, match="AWS did not answer sts"):
            reads.ask("sts", "get_caller_identity")


@pytest.mark.parametrize("purpose", [Purpose.PLAN, Purpose.DESTROY])
def test_nothing_but_the_caller_is_asked_before_the_lease_is_held(aws, asked, purpose):
    target, writing = Target(DEFAULT_FILE, ENVIRONMENT), Writing("apply", Terms())
    with open_session(target, writing, purpose=purpose):
        pass  # the table of leases has been made
    asked.clear()
    with open_session(target, writing, purpose=purpose) as session:
        session.plan(destroy=purpose is Purpose.DESTROY)
    assert asked[:2] == ["GetCallerIdentity", "UpdateItem"]
    assert "ListClusters" in asked[2:]


def test_the_outputs_ask_nothing_early(aws, asked):
    with open_session(Target(DEFAULT_FILE, ENVIRONMENT), purpose=Purpose.OUTPUTS):
        pass
    assert sorted(asked) == ["DescribeSubnets", "GetCallerIdentity"]
