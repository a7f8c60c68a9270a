"""The specs of a listener and of its default action."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Part, Spec

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


class OtherAction(Part):
    """Live only: an action that this engine does not create."""

    type: str


class Listener(Spec):
    """A port that a load balancer listens on."""

    kind: ClassVar[str] = "listener"
    load_balancer: Annotated[Ref, refers_to("load_balancer"), IMMUTABLE]
    port: int
    protocol: str
    """HTTP or HTTPS."""
    certificate: Annotated[Ref | None, refers_to("certificate")] = None
    """The default certificate."""
    ssl_policy: str | None = None
    """The ELB security policy of an HTTPS listener. None: unchanged, or `SSL_POLICY` for a new listener."""
    default: FixedResponse | Redirect | OtherAction
    """The action for requests that match no rule."""
    forwards_to: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: the target groups of that action. AWS deletes none of them before the listener."""

    @property
    def given_certificate(self) -> str | None:
        """The ARN of the certificate, if a person has given it."""
        return self.certificate.name if self.certificate and self.certificate.by_id else None
