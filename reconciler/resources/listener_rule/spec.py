"""The spec of a listener rule."""

from typing import Annotated, ClassVar

from pydantic import Field

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec


class ListenerRule(Spec):
    """A rule that forwards the requests that meet all of its conditions to one target group."""

    kind: ClassVar[str] = "listener_rule"
    listener: Annotated[Ref, refers_to("listener"), IMMUTABLE]
    priority: int
    """The order in which rules are tried; the lowest is the first."""
    paths: frozenset[str] = frozenset()
    """Path patterns; a request must match one of them."""
    hosts: frozenset[str] = frozenset()
    """Host patterns; a request must match one of them. Empty: any host."""
    other_conditions: frozenset[str] = frozenset()
    """Live only: other conditions, as JSON in AWS's form."""
    target_group: Annotated[Ref, refers_to("target_group")]
    forwards_to: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: all target groups that it forwards to. This engine creates no rule with several."""
    priority_moves: Annotated[dict[str, int], UNCOMPARED] = Field(default_factory=dict)
    """Live only: if its priority differs, the new priorities of it and of the rules that must move, by ARN."""
