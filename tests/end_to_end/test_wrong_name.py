"""A name tag that somebody changed is put right by one call, whatever the kind: nothing is made or deleted."""

from dataclasses import replace
from typing import Any

import pytest
from crash.cloud import cloud, run
from support import client, connection
from test_foreign import MADE, TOLD, one_of, ours, platform

from desired_state import Platform
from reconciler.apply import Clock, apply
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Op
from reconciler.model.tags import NAME
from reconciler.plan import plan
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all
from reconciler.sandbox import CALM

__all__ = ["platform"]  # the fixture, which pytest finds by its name here

MADE_ANEW = {  # AWS makes a second one, or the plan puts the deletion first or is refused
    *("internet_gateway", "route_table", "subnet", "vpc", "security_group_rules"),
    *("certificate", "listener", "listener_rule", "target_group", "task_definition"),
    *("egress_only_internet_gateway", "elastic_ip", "flow_log", "nat_gateway", "vpc_endpoint"),
}
TAGGED = sorted(kind for kind in MADE if KINDS[kind].tag_call)


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


@pytest.mark.parametrize("kind", sorted(MADE - MADE_ANEW))
def test_a_plan_that_mistakes_it_for_another_one_does_not_delete_it(kind: str, platform: Platform):
    """AWS refuses a second one of the name, or answers with the first, which is then kept."""
    with cloud(CALM) as clock:
        assert run(platform, clock).clean
        stack = Stack(platform.stack, platform.suffix)
        with open_reads(connection(), stack) as first:
            specs = tuple(blueprint(platform, facts.read_facts(first, platform)))
            reads = first.for_specs(specs)
            lives = read_all(reads, KINDS)
            mistaken = one_of(kind, [live for live in lives if live.owner == platform.stack])
            wrong = replace(mistaken, spec=mistaken.spec.model_copy(update={"name": "wrong"}))
            others = [live for live in lives if live.spec.address != mistaken.spec.address]
            todo = plan(KINDS, specs, [*others, wrong], platform.stack)
            assert mistaken.spec.address in {c.address for c in todo.changes if c.op is Op.CREATE}
            outcome = apply(reads, KINDS, todo, clock=Clock(clock.now, clock.advance))
        assert outcome.failed
        assert TOLD[kind](mistaken.outputs["id"])
