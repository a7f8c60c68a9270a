"""A name tag that somebody changed is put right by one call, whatever the kind: nothing is made or deleted."""

from typing import Any

import pytest
from crash.cloud import cloud, run
from support import client
from test_foreign import FILE, MADE, one_of, ours

from desired_state import Platform, load
from reconciler.model.plan import Op
from reconciler.model.tags import NAME
from reconciler.resources import KINDS
from reconciler.sandbox import CALM

TAGGED = sorted(kind for kind in MADE if KINDS[kind].tag_call)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    file = tmp_path_factory.mktemp("names") / "platform.yaml"
    file.write_text(FILE)
    return load(file, "dev", environ={})


def rename(live: Any, name: str) -> None:
    """Give a resource another name tag, as a person does by hand."""
    tagging = KINDS[live.spec.kind].tag_call
    assert tagging
    call = tagging.call(live.outputs[tagging.attr], {NAME: name})
    getattr(client(call.service), call.operation)(**call.params)


def exchange(kind: str, lives: list[Any]) -> None:
    """Give one resource the name of another one of its kind, or, if there is none, a name that nobody wants."""
    live = one_of(kind, lives)
    others = [x.spec.name for x in lives if x.spec.kind == kind and x.spec.name != live.spec.name]
    rename(live, others[0] if others else "another")


@pytest.mark.parametrize("kind", TAGGED)
@pytest.mark.parametrize("by_hand", [lambda kind, lives: rename(one_of(kind, lives), "wrong"), exchange])
def test_it_is_put_right_by_one_call(kind: str, by_hand: Any, platform: Platform):
    with cloud(CALM) as clock:
        assert run(platform, clock).clean
        clock.advance(100)
        before = {live.key for live in ours(platform)}
        by_hand(kind, ours(platform))
        repaired = run(platform, clock)
        (change,) = repaired.todo.changes
        assert (change.op, [f.field for f in change.fields], len(change.steps)) == (Op.UPDATE, ["tags"], 1)
        assert repaired.clean
        assert {live.key for live in ours(platform)} == before
