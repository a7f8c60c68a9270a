"""The spec of a listener rule."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from reconciler.model.references import Address, Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Spec
from reconciler.resources.elb_forward import GroupRef, is_not_desired


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
    transforms: frozenset[str] = frozenset()
    """Live only: what it rewrites in requests, as JSON in AWS's form."""
    target_group: GroupRef
    """The target group that receives all requests. Other groups may be there at weight 0."""
    served_by: Annotated[Address | None, UNCOMPARED] = None
    """The ECS service in its target group: a live rule sends its requests there once that has rolled out.

    None: at once. It is no Ref, as a service depends on its rules.
    """
    idle_groups: Annotated[frozenset[GroupRef], Declared(also=is_not_desired)] = frozenset()
    """Live only: other target groups, at weight 0. AWS deletes none that a rule names."""
    weights: Annotated[Mapping[GroupRef, int], UNCOMPARED] = {}
    """Live only: all target groups that it forwards to, with their weights."""
    priority_moves: Annotated[dict[str, int], UNCOMPARED] = Field(default_factory=dict)
    """Live only: if its priority differs, the new priorities of it and of the rules that must move, by ARN."""
