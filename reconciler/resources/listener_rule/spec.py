"""The spec of a listener rule."""

from typing import Annotated, ClassVar

from pydantic import Field

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Spec


class ListenerRule(Spec):
    """A rule that forwards to one target group the requests that fulfil all of its conditions."""

    kind: ClassVar[str] = "listener_rule"
    listener: Annotated[Ref, refers_to("listener"), IMMUTABLE]
    priority: int
    """Rules are tried from the lowest."""
    paths: frozenset[str] = frozenset()
    """Path patterns, of which a request must match one."""
    hosts: frozenset[str] = frozenset()
    """Host patterns, of which a request must match one; empty: any host."""
    other_conditions: frozenset[str] = frozenset()
    """Live only: further conditions, as JSON in AWS's form. Ours have none."""
    target_group: Annotated[Ref, refers_to("target_group")]
    forwards_to: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: all target groups that it forwards to; several in no rule that this engine makes."""
    priority_moves: Annotated[dict[str, int], UNCOMPARED] = Field(default_factory=dict)
    """Live only, where its priority differs: the new priorities of it and of those that must move with it, by ARN."""
