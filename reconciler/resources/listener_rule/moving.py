"""Move the requests of a rule to another target group without a gap."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.steps import Later, Step
from reconciler.resources.elb_forward import join, leave_last, move_weight
from reconciler.resources.listener_rule.all_actions import act
from reconciler.resources.listener_rule.calls import modify, whole_weight
from reconciler.resources.listener_rule.spec import ListenerRule


def must_wait(want: ListenerRule, live: ListenerRule) -> bool:
    """Tell whether other groups receive the requests, and the desired one may still be empty."""
    if not want.target_group or want.target_group == live.target_group:
        return False
    return want.served_by is not None and bool(live.weights) and not live.weights.get(want.target_group)


def join_group(
    want: ListenerRule, live: ListenerRule, *, logs_in_anew: bool, new_secret: bool
) -> Iterator[Step]:
    """Yield the call that takes the desired group in at weight 0, unless it is there already."""
    if want.target_group and (logs_in_anew or want.target_group not in live.weights):
        joined = join(want.target_group, live.weights)
        yield modify(want, act(want, joined, new_secret=new_secret))


def move(want: ListenerRule, live: ListenerRule, conditions: Mapping[str, Any]) -> Iterator[Step | Later]:
    """Yield the steps that move all weight to the desired group, together with new conditions."""
    if want.target_group:
        yield from move_weight(
            want.target_group,
            live.weights,
            want.served_by,
            "the requests",
            lambda weights: modify(want, act(want, weights)),
            lambda weights: modify(want, {**conditions, **act(want, weights)}),
        )


def leave_alone(want: ListenerRule) -> Iterator[Step | Later]:
    """Yield the steps by which the other groups leave, at the end."""
    yield from leave_last(want.served_by, modify(want, act(want, whole_weight(want))))
