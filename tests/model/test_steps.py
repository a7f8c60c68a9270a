"""Rules for the steps of all kinds. A wait for an output that no answer gives would be left out silently."""

from collections import defaultdict
from functools import cache
from typing import Any

import pytest

from desired_state.dns import Dns
from desired_state.drift import DriftCorrection
from desired_state.load import DEFAULT_FILE, load
from desired_state.load_balancer import Listener, LoadBalancer
from desired_state.network import FlowLogs, Network, Tier
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.references import RUN, refs, walk
from reconciler.model.steps import Call, Rollout
from reconciler.plan import plan
from reconciler.plan.validate import problems
from reconciler.resources import KINDS


@cache
def everything():
    """Plan the first apply of the default platform, with the job that looks for drift, in a private network."""
    every: dict[str, Any] = {
        "drift_correction": DriftCorrection(events=True),
        "network": Network(
            subnets={"public": Tier(), "private": Tier()},
            nat="one",
            endpoints=("s3", "logs"),
            ipv6=True,
            flow_logs=FlowLogs(),
        ),
    }
    default = load(DEFAULT_FILE, "dev123", environ={})
    named = default.services["api-gateway"].routes[0].model_copy(update={"hosts": ("shop.example.com",)})
    gateway = default.services["api-gateway"].model_copy(update={"routes": (named,)})
    every |= {
        "dns": Dns(zone="example.com"),
        "load_balancer": LoadBalancer(listeners={"https": Listener(port=443, certificate="auto")}),
        "services": {**default.services, "api-gateway": gateway},
    }
    platform = default.model_copy(update=every)
    facts = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
    todo = plan(KINDS, blueprint(platform, facts), [], platform.stack)
    assert not todo.conflicts, todo.conflicts
    return todo


def held(step):
    """Return the Refs that are resolved when the step runs."""
    return {*walk(step.params), *walk(getattr(step, "remedy", ""))}


def test_what_is_planned_here_has_every_kind():
    assert {c.address.kind for c in everything().changes} == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_aws_takes_every_step_and_none_asks_for_an_output_that_no_answer_named(kind):
    assert problems(c for c in everything().changes if c.address.kind == kind) == []


def test_the_outputs_that_are_asked_for_are_named():
    given = defaultdict(set)
    for change in everything().changes:
        given[change.address] |= {name for step in change.steps if not step.settling for name in step.outputs}
    asked = {ref for c in everything().changes for step in c.steps for ref in held(step) if not ref.by_id}
    assert not {ref for ref in asked if ref.attr not in {*given[ref.address], RUN}}


def test_steps_hold_only_what_their_spec_refers_to():
    """Nothing else is sure to be made in time for them."""
    for change in everything().changes:
        known = {ref.address for ref in refs(change.want)} | {change.address}
        assert {ref.address for step in change.steps for ref in held(step)} <= known, change.key


def test_what_settles_comes_last():
    """A step after it, which dependents need, would have to wait for it."""
    for change in everything().changes:
        order = [step.settling for step in change.steps]
        assert order == sorted(order), change.key


def test_tolerance_of_a_write_is_not_endless():
    for change in everything().changes:
        for step in change.steps:
            assert 0 < step.patience <= 3600, (change.key, step)
            assert isinstance(step, Rollout) or step.service, change.key
            assert not (isinstance(step, Call) and set(step.ignore) & set(step.retry)), (change.key, step)
