"""The load balancer's own answer of a rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.resources.listener.default_action import from_actions
from reconciler.resources.listener.spec import FixedResponse, Redirect


def find_answer(actions: Sequence[Mapping[str, Any]]) -> FixedResponse | Redirect | None:
    """Return the load balancer's own answer; None if there are other actions."""
    answer = from_actions(actions)
    return answer if isinstance(answer, FixedResponse | Redirect) else None
