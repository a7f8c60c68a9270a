"""A load balancer and its listeners."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from desired_state.absence import Absent, Entries, is_none
from desired_state.address_range import Cidr
from desired_state.balancer_logs import LOGS_OFF, BalancerLogs
from desired_state.edge_arns import TrustStore, WebAcl
from desired_state.existing import ListenerArn, LoadBalancerArn
from desired_state.name_patterns import LoadBalancerName, OwnName
from desired_state.part import Name, Part, Pattern, Seconds, ShortForm, WrongValue

_CERTIFICATE_ARN = r"arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d{12}:certificate/\S+|iam::\d{12}:server-certificate/\S+)"
_OF_ACM = "the ARN of an ACM certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID"
CertificateArn = Annotated[str, Pattern(_CERTIFICATE_ARN, _OF_ACM)]
AUTO = "auto"
Certificate = Annotated[str, Pattern(f"{AUTO}|{_CERTIFICATE_ARN}", f"auto, or {_OF_ACM}")]
RuleDescription = Annotated[
    str,
    Pattern(
        r"[\w .:/()#,@\[\]+=&;{}!$*-]{0,255}", "at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"
    ),
]
ADDRESSES_OF_BALANCER = 8  # in each subnet, for it to scale (ELB user guide, "Application Load Balancers")
AttributeValue = Annotated[str, ShortForm("text", ("number", "boolean"))]
PUBLIC_SCHEME = "internet-facing"
APPLICATION = "application"
NETWORK = "network"  # the type of load balancers that forward connections, and read nothing in them
Port = Annotated[int, Field(ge=1, le=65535)]
HTTP_BY_CERTIFICATE = "leave it out: a listener with `certificate` is HTTPS, and one without is HTTP"


def _validate_status(value: int) -> int:
    if value // 100 not in {2, 4, 5}:
        raise WrongValue("is not an answer of its own; give a 2xx, 4xx or 5xx")
    return value


class FixedResponse(Part):
    """A fixed response to requests."""

    status: Annotated[int, AfterValidator(_validate_status)] = 404
    """HTTP status: 2xx, 4xx or 5xx."""

    content_type: Literal[
        "text/plain", "text/css", "text/html", "application/javascript", "application/json"
    ] = "text/plain"
    """Media type of the body, one of the five that ELB supports."""

    body: Annotated[str, Absent("", word=False)] = Field("Not Found", max_length=1024)
    """Body of the response."""


class Redirect(Part):
    """A redirect of requests; `redirect: {}` sends them to HTTPS on port 443."""

    protocol: Literal["HTTP", "HTTPS"] = "HTTPS"
    """Protocol of the new address."""

    port: Port = 443
    """Port of the new address."""

    host: str = Field("#{host}", min_length=1, max_length=128)
    """Host of the new address; #{host} keeps it."""

    path: Annotated[str, Pattern(r"/\S*", "a path that begins with /")] = Field("/#{path}", max_length=128)
    """Path of the new address; #{path} is replaced by the old one without its first slash."""

    query: Annotated[str, Absent("", word=False)] = Field("#{query}", max_length=128)
    """Query of the new address, without the question mark."""

    status: Literal[301, 302] = 301
    """HTTP status: 301 (moved permanently) or 302 (found)."""


def _refuse_http(value: Any) -> Any:
    if value in ("HTTP", "HTTPS"):
        raise WrongValue("is not right: " + HTTP_BY_CERTIFICATE)
    return value


def leave_default_out(schema: dict[str, Any]) -> None:
    """Leave out of the JSON schema a default that says only that a value is missing."""
    del schema["default"]


class Listener(Part):
    """A listener of the load balancer: HTTPS or TLS with a certificate, HTTP or TCP without one."""

    name: Annotated[OwnName | None, Absent(word=False)] = None
    """Name of the listener instead of the load balancer's with its key; AWS has it as a tag."""

    existing: Annotated[ListenerArn | None, Absent()] = None
    """ARN of a listener of the load balancer that exists already and is not changed; the rules of routes in it
    are this stack's."""

    port: Annotated[Port, Field(json_schema_extra=leave_default_out)] = 0
    """Port that it listens on, 1 to 65535; needed unless it exists already."""

    transport: Annotated[
        Literal["TCP", "TLS", "UDP", "TCP_UDP"] | None, Absent(), BeforeValidator(_refuse_http)
    ] = Field(None, alias="protocol")
    """Protocol, only of a network load balancer's listener: TCP, TLS, UDP or TCP_UDP; if left out, TLS with a
    certificate, and TCP without one."""

    certificate: Annotated[Certificate | None, Absent()] = None
    """ARN of the certificate, in the platform's region if it is from ACM; or auto for one that ACM issues for
    the hosts of the listener's routes, validated by records in `dns.zone`. Makes the listener HTTPS, or TLS."""

    certificates: Annotated[tuple[CertificateArn, ...] | None, Absent(())] = None
    """ARNs of further certificates, for clients that ask for other names than those of `certificate` (SNI); the
    list is as written here, and if left out, it is left as it is."""

    trust_store: Annotated[TrustStore | None, Absent("none")] = None
    """ARN of the trust store of ELB that verifies clients' certificates (mutual TLS); none asks clients for no
    certificate, and if left out, it is left as it is."""

    ssl_policy: str = Field("ELBSecurityPolicy-TLS13-1-2-2021-06", min_length=1)
    """ELB security policy (protocols and ciphers) of a listener with a certificate."""

    default: FixedResponse = FixedResponse()
    """Response to requests that match no route. Give either this or `redirect`."""

    redirect: Annotated[Redirect | None, Absent(), ShortForm("redirect")] = None
    """Redirect of requests that match no route. Give either this or `default`."""

    @property
    def given_certificate(self) -> str | None:
        """ARN of the certificate; None if there is none, or if it is requested."""
        return None if self.certificate == AUTO else self.certificate

    @property
    def protocol(self) -> str:
        """Protocol of the listener, by AWS's name; HTTP or HTTPS follows from the certificate."""
        return self.transport or ("HTTPS" if self.certificate else "HTTP")


def _give_protocol(listener: Any) -> Any:
    if not isinstance(listener, dict) or not is_none(listener.get("protocol")):
        return listener
    return {**listener, "protocol": "TCP" if is_none(listener.get("certificate")) else "TLS"}


class LoadBalancer(Part):
    """A load balancer in all public subnets, or in those of services, or one that exists."""

    type: Literal["application", "network"] = "application"
    """Type: application, which reads requests, or network, which forwards connections of TCP, TLS and UDP to
    the one service that has a route to their listener."""

    existing: Annotated[LoadBalancerArn | None, Absent()] = None
    """ARN of an application load balancer of the network's VPC that exists already and is not changed; each of
    its listeners that routes go to is named by `existing` too."""

    name: Annotated[LoadBalancerName | None, Absent(word=False)] = None
    """Its name instead of the one by `names`, and that of its security group."""

    listeners: Annotated[Mapping[Name, Listener], Entries()] = Field({"http": Listener(port=80)}, min_length=1)
    """Listeners by name; a route that names none goes to HTTPS if there is any, and never to a redirect. Those
    of a network load balancer are made where a route leads to them, which names one if there are several."""

    scheme: Literal["internet-facing", "internal"] = "internet-facing"
    """Kind of its addresses: public (internet-facing) or private (internal)."""

    idle_timeout: Seconds = Field(60, ge=1, le=4000)
    """Number of seconds after which an application load balancer closes an idle connection."""

    deletion_protection: Annotated[bool, Absent(value=False)] = False
    """Let AWS refuse to delete the load balancer until this is false again."""

    ingress: Annotated[tuple[Cidr, ...], Absent(())] = ("0.0.0.0/0",)
    """IPv4 ranges (CIDR) that may connect to the listeners."""

    ingress_descriptions: Annotated[Mapping[str, RuleDescription], Entries(word=False)] = {}
    """Descriptions of these ranges in the security group; "" removes one, and one left out is left as it is."""

    drop_invalid_headers: Annotated[bool | None, Absent(value=False)] = None
    """Drop headers with invalid names, such as X_API_KEY with its underscores, instead of passing them on; if
    left out, new load balancers drop them, and those of before are left as they are."""

    http2: Annotated[bool | None, Absent(value=False)] = None
    """Let clients use HTTP/2; if left out, it is left as it is."""

    cross_zone: Annotated[bool | None, Absent(value=False)] = None
    """Let a network load balancer's address in one zone forward to tasks in the others, which costs traffic
    between zones; if left out, it is left as it is."""

    access_logs: Annotated[BalancerLogs | None, Absent(LOGS_OFF), ShortForm("bucket")] = None
    """Log each request into a bucket; none turns that off, and if left out, it is left as it is."""

    connection_logs: Annotated[BalancerLogs | None, Absent(LOGS_OFF), ShortForm("bucket")] = None
    """Log each connection into a bucket; none turns that off, and if left out, it is left as it is."""

    health_check_logs: Annotated[BalancerLogs | None, Absent(LOGS_OFF), ShortForm("bucket")] = None
    """Log the checks of targets into a bucket; none turns that off, and if left out, it is left as it is."""

    waf: Annotated[WebAcl | None, Absent("none")] = None
    """ARN of the web ACL of WAF before it, in the place of another one; none takes it away, and if left out, it
    is left as it is."""

    attributes: Annotated[Mapping[str, AttributeValue], Entries(word=False), Absent({})] = {}
    """Further attributes by AWS's names, such as client_keep_alive.seconds; those left out are left as they
    are."""

    @model_validator(mode="before")
    @classmethod
    def _give_protocols(cls, data: Any) -> Any:
        """Give the listeners of a network load balancer the protocol that the file leaves out."""
        listeners = data.get("listeners") if isinstance(data, dict) and data.get("type") == NETWORK else None
        if not isinstance(listeners, dict):
            return data
        return {**data, "listeners": {name: _give_protocol(one) for name, one in listeners.items()}}

    @property
    def logs(self) -> tuple[BalancerLogs, ...]:
        """The logs that it writes into S3, of all kinds; those that are off have no bucket."""
        given = (self.access_logs, self.connection_logs, self.health_check_logs)
        return tuple(logs for logs in given if logs)

    @property
    def default_listener(self) -> str | None:
        """Name of the listener for routes that name none: the first with HTTPS, else the first that answers.

        That of a network load balancer is its only one; None if it has several.
        """
        if self.type == NETWORK:
            return next(iter(self.listeners)) if len(self.listeners) == 1 else None
        answering = [name for name, listener in self.listeners.items() if not listener.redirect]
        secured = [name for name in answering if self.listeners[name].certificate]
        return next(iter(secured + answering), None)
