"""The specs of a listener and of its default action."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Part, Spec

SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"  # what the API takes by itself still allows TLS 1.0

OptionalText = Annotated[str | None, BeforeValidator(lambda v: v or None)]
"""Text that is None where it is empty: AWS takes an empty text, and returns none."""


class FixedResponse(Part):
    """An answer that the load balancer gives itself."""

    status: int
    """HTTP status code."""
    content_type: OptionalText = None
    body: OptionalText = None


class Redirect(Part):
    """Send the client elsewhere. `#{protocol}`, `#{port}`, … stand for what it asked for."""

    protocol: str = "#{protocol}"
    port: str = "#{port}"
    host: str = "#{host}"
    path: str = "/#{path}"
    query: str = "#{query}"
    status: int = 301
    """HTTP status code: 301 or 302."""


class OtherAction(Part):
    """An action that this engine does not make, but may find."""

    type: str


class Listener(Spec):
    """A port that a load balancer listens on."""

    kind: ClassVar[str] = "listener"
    load_balancer: Annotated[Ref, refers_to("load_balancer"), IMMUTABLE]
    port: int
    protocol: str
    """HTTP or HTTPS."""
    certificate: str | None = None
    """ARN of the default certificate."""
    ssl_policy: str | None = None
    """ELB security policy of an HTTPS listener; None: as it is, in a new one `SSL_POLICY`."""
    default: FixedResponse | Redirect | OtherAction
    """The action for requests that match no rule."""
    forwards_to: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: the target groups that get those requests. AWS deletes none of these before it."""
