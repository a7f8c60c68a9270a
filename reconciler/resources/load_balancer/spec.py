"""The spec of a load balancer."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.aws_default import AwsDefault, AwsDefaults
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, UNCOMPARED, Spec

DELETION_PROTECTION = "deletion_protection.enabled"
DROP_INVALID_HEADERS = "routing.http.drop_invalid_header_fields.enabled"
HTTP2 = "routing.http2.enabled"
CROSS_ZONE = "load_balancing.cross_zone.enabled"
NETWORK = "network"  # the type
DEFAULT_ATTRIBUTES = {  # of a new one (ELBv2 API reference, LoadBalancerAttribute)
    "idle_timeout.timeout_seconds": "60",
    DELETION_PROTECTION: "false",
    DROP_INVALID_HEADERS: "false",
    HTTP2: "true",
}
NETWORK_DEFAULTS = {DELETION_PROTECTION: "false", CROSS_ZONE: "false"}  # of a new one of that type (recorded)
OPEN_ATTRIBUTES = AwsDefaults(
    {
        DROP_INVALID_HEADERS: AwsDefault(
            DEFAULT_ATTRIBUTES[DROP_INVALID_HEADERS], "load_balancer.drop_invalid_headers"
        ),
        HTTP2: AwsDefault(DEFAULT_ATTRIBUTES[HTTP2], "load_balancer.http2"),
    }
)


def default_attributes(kind: str) -> Mapping[str, str]:
    """Return the attributes that a new load balancer of this type has."""
    return NETWORK_DEFAULTS if kind == NETWORK else DEFAULT_ATTRIBUTES


class LoadBalancer(Spec):
    """An application or a network load balancer for IPv4."""

    kind: ClassVar[str] = "load_balancer"
    type: Annotated[str, IMMUTABLE] = "application"
    """The name in AWS: application or network. Only name and tags are read of one of another type."""
    scheme: Annotated[Literal["internet-facing", "internal"], IMMUTABLE] = "internet-facing"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]]
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]]
    attributes: Annotated[Mapping[str, str], DECLARED, OPEN_ATTRIBUTES]
    """Its attributes by AWS's names. Attributes that the desired value lacks are not managed."""
    groupless: Annotated[bool, IMMUTABLE] = False
    """Live only: True if it is a network load balancer without security groups. None can be given to it later,
    so it is replaced."""
    zones: str = ""
    """The hosted zones of its hosts, each with its role if it has one, as its tag names them."""
    failure: Annotated[str | None, IMMUTABLE] = None
    """The reason why AWS could not create it. A failed load balancer cannot be repaired, so it is replaced."""
    provisioning: Annotated[bool, UNCOMPARED] = False
    """Live only: True if AWS still makes it, as after a run that was killed."""
    deletion_protection: Annotated[bool, UNCOMPARED] = False
    """Live only: True if its deletion protection is on."""
