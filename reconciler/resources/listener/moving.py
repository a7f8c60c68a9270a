"""Move the connections of a network load balancer's listener to another target group without a gap."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.steps import Call, Later, Step
from reconciler.resources.elb_forward import (
    GROUP_NOT_FOUND,
    LISTENER_NOT_FOUND,
    Weights,
    forward,
    join,
    leave_last,
    move_weight,
)
from reconciler.resources.listener.spec import Forward, Listener

PATIENCE = 120  # seconds
REFUSED = "connections are refused until the service's tasks are healthy in the other target group"


def must_wait(want: Listener, live: Listener) -> bool:
    """Tell whether other groups get the connections, and the desired one may still be empty.

    Groups of two protocols cannot be behind one listener: those of another protocol get them at once.
    """
    if not isinstance(want.default, Forward) or want.protocol != live.protocol or not live.weights:
        return False
    return want.served_by is not None and not live.weights.get(want.default.target_group)


def join_actions(want: Listener, live: Listener) -> Any:
    """Return the default actions with the desired group at weight 0; None if it is there already."""
    group = _group(want)
    return None if group in live.weights else forward(join(group, live.weights))["Actions"]


def move(want: Listener, live: Listener) -> Iterator[Step | Later]:
    """Yield the steps that give the desired group all new connections once it can take them."""
    gets = "the new connections"
    yield from move_weight(_group(want), live.weights, want.served_by, gets, partial(weigh, want))


def leave_alone(want: Listener) -> Iterator[Step | Later]:
    """Yield the steps by which the other groups leave, at the end."""
    yield from leave_last(want.served_by, weigh(want, {_group(want): 1}))


def weigh(want: Listener, weights: Weights) -> Call:
    """Return the call that forwards by these weights."""
    params = {"ListenerArn": want.ref(), "DefaultActions": forward(weights)["Actions"]}
    not_yet = (*if_new(LISTENER_NOT_FOUND, want.ref()), *if_new(GROUP_NOT_FOUND, *weights))
    return Call("elbv2", "modify_listener", params, retry=not_yet, patience=PATIENCE)


def interrupts(want: Listener, live: Listener) -> str:
    """Say so if connections move to another group at once, as it is of another protocol."""
    moves = (
        isinstance(want.default, Forward) and isinstance(live.default, Forward) and want.default != live.default
    )
    return REFUSED if moves and want.protocol != live.protocol else ""


def _group(want: Listener) -> Ref:
    if not isinstance(want.default, Forward):
        raise TypeError(f"{want.address} forwards to no group")
    return want.default.target_group
