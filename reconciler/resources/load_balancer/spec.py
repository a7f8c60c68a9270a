"""The spec of a load balancer."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.aws_default import AwsDefault, AwsDefaults
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, OBSERVED, UNCOMPARED, Spec
from reconciler.model.tags import OWN_PREFIX

DELETION_PROTECTION = "deletion_protection.enabled"
DROP_INVALID_HEADERS = "routing.http.drop_invalid_header_fields.enabled"
HTTP2 = "routing.http2.enabled"
CROSS_ZONE = "load_balancing.cross_zone.enabled"
NETWORK = "network"  # the type
LOGS = ("access_logs", "connection_logs", "health_check_logs")  # kinds of logs that it writes into S3
MADE_DROPPING = f"{OWN_PREFIX}drops-invalid-headers"  # the tag of one that was made when new ones began to
DEFAULT_ATTRIBUTES = {  # of a new one (ELBv2 API reference, LoadBalancerAttribute)
    "idle_timeout.timeout_seconds": "60",
    DELETION_PROTECTION: "false",
    DROP_INVALID_HEADERS: "false",
    HTTP2: "true",
    **{f"{logs}.s3.enabled": "false" for logs in LOGS},
    **{f"{logs}.s3.{part}": "" for logs in LOGS for part in ("bucket", "prefix")},
    "client_keep_alive.seconds": "3600",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
NETWORK_DEFAULTS = {DELETION_PROTECTION: "false", CROSS_ZONE: "false"}  # of a new one of that type (recorded)
_KEYS = {HTTP2: "http2", **{f"{logs}.s3.enabled": logs for logs in LOGS}}  # of the file, besides `attributes`
_TOLD = ("routing.", "waf.", "client_keep_alive.", "zonal_shift.", *LOGS)
OPEN_ATTRIBUTES = AwsDefaults(
    {
        name: AwsDefault(default, f"load_balancer.{_KEYS.get(name, 'attributes')}")
        for name, default in DEFAULT_ATTRIBUTES.items()
        if name.startswith(_TOLD) and default and name != DROP_INVALID_HEADERS
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
    drops_invalid_headers: Annotated[bool | None, OBSERVED] = None
    """Desired: True where the file leaves it open, as of new ones. Live: whether one that was made so still
    does; None for those of before, which go on as they are, as clients may send such headers."""
    web_acl: str | None = None
    """The ARN of the web ACL of WAF before it; empty: none. Desired: None leaves it as it is. Live: None where
    it was not read, as nothing desired names it."""
    dns_zones: str = ""
    """The hosted zones of its hosts, each with its role if it has one, as its tag names them."""
    failure: Annotated[str | None, IMMUTABLE] = None
    """The reason why AWS could not create it. A failed load balancer cannot be repaired, so it is replaced."""
    provisioning: Annotated[bool, UNCOMPARED] = False
    """Live only: True if AWS still makes it, as after a run that was killed."""
    deletion_protection: Annotated[bool, UNCOMPARED] = False
    """Live only: True if its deletion protection is on."""
