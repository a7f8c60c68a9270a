"""The specs of a listener and of its default action."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from reconciler.model.aws_default import AwsDefault
from reconciler.model.references import Address, Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Part, Spec
from reconciler.resources.elb_forward import GroupRef, is_not_desired

SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"  # what the API takes by itself still allows TLS 1.0

OptionalText = Annotated[str | None, BeforeValidator(lambda v: v or None)]
"""A text, with None for an empty one: AWS accepts an empty text, but does not return it."""


class FixedResponse(Part):
    """A fixed response of the load balancer."""

    status: int
    """The HTTP status code."""
    content_type: OptionalText = None
    body: OptionalText = None


class Redirect(Part):
    """A redirect of the client. `#{protocol}`, `#{port}`, … stand for the parts of its request."""

    protocol: str = "#{protocol}"
    port: str = "#{port}"
    host: str = "#{host}"
    path: str = "/#{path}"
    query: str = "#{query}"
    status: int = 301
    """The HTTP status code: 301 or 302."""


class Forward(Part):
    """All connections go to one target group: what each listener of a network load balancer does."""

    target_group: GroupRef
    """Other groups may be there at weight 0."""


class OtherAction(Part):
    """Live only: an action that this engine does not create."""

    type: str


class Listener(Spec):
    """A port that a load balancer listens on."""

    kind: ClassVar[str] = "listener"
    load_balancer: Annotated[Ref, refers_to("load_balancer"), IMMUTABLE]
    port: int
    protocol: str
    """HTTP or HTTPS; TCP, TLS, UDP or TCP_UDP of a network load balancer."""
    certificate: Annotated[Ref | None, refers_to("certificate")] = None
    """The default certificate."""
    certificates: frozenset[str] | None = None
    """The ARNs of the further ones, for other names. Desired: None leaves the list as it is. Live: None where
    the list was not read, as nothing desired names it."""
    trust_store: Annotated[str | None, AwsDefault("", "load_balancer.listeners.NAME.trust_store")] = None
    """The ARN of the trust store that verifies clients' certificates; empty: clients show none."""
    ssl_policy: str | None = None
    """The ELB security policy of an HTTPS or TLS listener. None: unchanged, or `SSL_POLICY` for a new one."""
    default: FixedResponse | Redirect | Forward | OtherAction
    """The action for requests that match no rule."""
    served_by: Annotated[Address | None, UNCOMPARED] = None
    """The ECS service in its target group: a live listener sends it connections once that has rolled out.

    None: at once. It is no Ref, as the service depends on its listener.
    """
    idle_groups: Annotated[frozenset[GroupRef], Declared(also=is_not_desired)] = frozenset()
    """Live only: other target groups of a forward, at weight 0. AWS deletes none that a listener names."""
    weights: Annotated[Mapping[GroupRef, int], UNCOMPARED] = {}
    """Live only: the target groups of a forward, with their weights."""
    forwards_to: Annotated[frozenset[GroupRef], UNCOMPARED] = frozenset()
    """Live only: the target groups of that action. AWS deletes none of them before the listener."""

    @property
    def given_certificate(self) -> str | None:
        """The ARN of the certificate, if a person has given it."""
        return self.certificate.name if self.certificate and self.certificate.by_id else None
