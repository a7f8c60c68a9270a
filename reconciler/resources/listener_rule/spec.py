"""The spec of a listener rule."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from reconciler.model.references import Address, Ref, refers_to
from reconciler.model.secret_value import SecretValue
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Spec
from reconciler.resources.elb_forward import GroupRef, is_not_desired
from reconciler.resources.listener.spec import FixedResponse, Redirect
from reconciler.resources.listener_rule.auth import NO_LOG_IN, Auth


class ListenerRule(Spec):
    """A rule that forwards the requests that meet its conditions to one target group, or answers them."""

    kind: ClassVar[str] = "listener_rule"
    listener: Annotated[Ref, refers_to("listener"), IMMUTABLE]
    priority: int
    """The order in which rules are tried; the lowest is the first."""
    chosen: Annotated[bool, UNCOMPARED] = False
    """Desired only: the file gives it no priority, so that it keeps the one that it has."""
    paths: frozenset[str] = frozenset()
    """Path patterns; a request must match one of them."""
    hosts: frozenset[str] = frozenset()
    """Host patterns; a request must match one of them. Empty: any host."""
    methods: frozenset[str] = frozenset()
    """HTTP methods in capitals; a request must have one of them. Empty: any."""
    headers: Mapping[str, frozenset[str]] = {}
    """Patterns of headers, by name; a request must match one of each."""
    query: Mapping[str, frozenset[str]] = {}
    """Patterns of the query's values, by key or `*` for any; a request must match one of each."""
    source: frozenset[str] = frozenset()
    """Ranges of addresses; the connection must come from one of them. Empty: from anywhere."""
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
    target_group: GroupRef | None = None
    """The target group that receives all requests. Other groups may be there at weight 0."""
    answer: FixedResponse | Redirect | None = None
    """The load balancer's own answer, instead of a target group."""
    dns_zones: str = ""
    """The hosted zones of its hosts if the load balancer is of others, as a tag of the rule names them."""
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

    @property
    def conditions(self) -> frozenset[tuple[str, str, str]]:
        """All values of its conditions, each with its field and the name of the header or the key."""
        plain = (("paths", ""), ("hosts", ""), ("methods", ""), ("source", ""), ("other_conditions", ""))
        values = {(field, name): getattr(self, field) for field, name in plain}
        values |= {(f, name): each for f in ("headers", "query") for name, each in getattr(self, f).items()}
        return frozenset((*key, value) for key, several in values.items() for value in several)
