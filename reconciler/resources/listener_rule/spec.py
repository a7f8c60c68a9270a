"""The spec of a listener rule."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from reconciler.model.references import Address, Ref, refers_to
from reconciler.model.secret_value import SecretValue
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Spec
from reconciler.resources.listener_rule.auth import NO_LOG_IN, Auth

GroupRef = Annotated[Ref, refers_to("target_group")]


def is_not_desired(group: Ref) -> bool:
    """Tell whether it is by id: the plan has names for all groups that it wants or keeps."""
    return group.by_id


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
    auth: Auth = NO_LOG_IN
    """The log-in that it asks for first."""
    secret_version: str | None = None
    """The version of the log-in's client secret, as a tag of the rule says: AWS does not tell the secret."""
    client_secret: Annotated[SecretValue | None, UNCOMPARED] = None
    """Desired only: what names that secret. Its value is read when a call needs it."""
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
