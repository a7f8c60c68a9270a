"""Listeners: a port of a load balancer, and what becomes of requests that no rule takes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Part, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources import elb
from reconciler.resources.kind import Kind, Relations, actions

SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"  # what the API takes by itself still allows TLS 1.0

# A certificate issued just now; another listener of ours that is about to leave the port.
NOT_YET = (
    "CertificateNotFound",
    ErrorMatch("DuplicateListener", patience=60),
    ErrorMatch("LoadBalancerNotFound", patience=60),
    ErrorMatch("ListenerNotFound", patience=20),
)
PATIENCE = 300  # seconds


Given = Annotated[str | None, BeforeValidator(lambda v: v or None)]
"""AWS takes an empty text, and tells none."""


class FixedResponse(Part):
    """An answer of the load balancer's own."""

    status: int
    content_type: Given = None
    body: Given = None


class Redirect(Part):
    """Send the client elsewhere. `#{protocol}`, `#{port}`, … stand for what it asked for."""

    protocol: str = "#{protocol}"
    port: str = "#{port}"
    host: str = "#{host}"
    path: str = "/#{path}"
    query: str = "#{query}"
    status: int = 301


class OtherAction(Part):
    """What this engine does not make, but may find."""

    type: str


class Listener(Spec):
    """A port that a load balancer listens on."""

    kind: ClassVar[str] = "listener"
    load_balancer: Annotated[Ref, refers_to("load_balancer"), IMMUTABLE]
    port: int
    protocol: str
    certificate: str | None = None
    """ARN of the default certificate."""
    ssl_policy: str | None = None
    """ELB security policy of an HTTPS listener; None: as it is, in a new one `SSL_POLICY`."""
    default: FixedResponse | Redirect | OtherAction
    """What becomes of requests that no rule takes."""
    sends_to: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: the target groups that get them. AWS deletes none of these before."""


def read(reads: Reads) -> Iterator[Live[Listener]]:
    marks, names = elb.tags_of(reads), elb.names(reads)
    wanted, present = reads.wanted(Listener), frozenset(names.values())
    at = {(want.load_balancer.name, want.port): name for name, want in wanted.items()}
    for found in elb.listeners(reads):
        arn, balancer = found["ListenerArn"], found["LoadBalancerArn"]
        if arn not in names and balancer not in names:
            continue
        place = at.get((names.get(balancer, ""), found["Port"]))
        name = elb.plan_name(names.get(arn), place, wanted, present)
        owned = marks.get(arn, {})
        yield Live(from_aws(name or elb.place(found), owned, found), {"id": arn}, tags.owner(owned))


def from_aws(name: str, owned: tags.Tags, found: Mapping[str, Any]) -> Listener:
    """Return the spec of what DescribeListeners tells."""
    return Listener(
        name=name,
        tags=owned,
        load_balancer=found["LoadBalancerArn"],
        port=found["Port"],
        protocol=found["Protocol"],
        certificate=next((c["CertificateArn"] for c in found.get("Certificates", ())), None),
        ssl_policy=found.get("SslPolicy"),
        default=action(found["DefaultActions"]),
        sends_to=elb.sends_to(found["DefaultActions"]),
    )


def action(actions: Sequence[Mapping[str, Any]]) -> FixedResponse | Redirect | OtherAction:
    """The default action, in one form: AWS numbers actions and fills in what a redirect left out."""
    kinds = [a["Type"] for a in sorted(actions, key=lambda a: int(a.get("Order", 1)))]
    if kinds == ["fixed-response"]:
        config = actions[0]["FixedResponseConfig"]
        return FixedResponse(
            status=config["StatusCode"],
            content_type=config.get("ContentType"),
            body=config.get("MessageBody"),
        )
    if kinds == ["redirect"]:
        config = actions[0]["RedirectConfig"]
        parts = {field: config[field.title()] for field in Redirect.model_fields if field.title() in config}
        return Redirect(**parts, status=config["StatusCode"].removeprefix("HTTP_"))
    return OtherAction(type=", ".join(kinds))


def _as_actions(default: FixedResponse | Redirect | OtherAction) -> list[dict[str, Any]]:
    match default:
        case FixedResponse():
            given = {"ContentType": default.content_type, "MessageBody": default.body}
            config = {"StatusCode": str(default.status)} | {k: v for k, v in given.items() if v is not None}
            return [{"Type": "fixed-response", "FixedResponseConfig": config}]
        case Redirect():
            config = {f.title(): v for f, v in default if f != "status"}
            config |= {"StatusCode": f"HTTP_{default.status}"}
            return [{"Type": "redirect", "RedirectConfig": config}]
        case OtherAction():
            raise ValueError(f"a listener cannot be given the action {default.type}")


def ensure_listener(want: Listener, live: Live[Listener] | None) -> Iterator[Step]:
    if not live:
        params = {"LoadBalancerArn": want.load_balancer, "Port": want.port, **_security(want, fresh=True)}
        params |= {"DefaultActions": _as_actions(want.default), "Tags": tags.encode(want.tags)}
        outputs = {"id": "Listeners[0].ListenerArn"}
        yield Call("elbv2", "create_listener", params, outputs, retry=NOT_YET, patience=PATIENCE)
        return
    yield from tags.retag(tags.ELB, want, live)
    if changes := _changes(want, live.spec):
        on = {"ListenerArn": want.ref(), **changes}
        yield Call("elbv2", "modify_listener", on, retry=NOT_YET, patience=PATIENCE)


def _changes(want: Listener, live: Listener) -> dict[str, Any]:
    secured = [(getattr(want, f), getattr(live, f)) for f in ("protocol", "certificate", "ssl_policy")]
    changes: dict[str, Any] = {"Port": want.port} if want.port != live.port else {}
    if any(new is not None and new != old for new, old in secured):
        changes |= _security(want, fresh=want.protocol != live.protocol)
    if want.default != live.default:
        changes["DefaultActions"] = _as_actions(want.default)
    return changes


def _security(want: Listener, *, fresh: bool) -> dict[str, Any]:
    """Protocol, certificate and policy: from HTTP to HTTPS they change at once (ELBv2 API reference)."""
    params: dict[str, Any] = {"Protocol": want.protocol}
    if want.certificate:
        params["Certificates"] = [{"CertificateArn": want.certificate}]
    if policy := want.ssl_policy or (SSL_POLICY if fresh and want.protocol == "HTTPS" else None):
        params["SslPolicy"] = policy
    return params


def remove(live: Live[Listener]) -> Iterator[Step]:
    yield Call("elbv2", "delete_listener", {"ListenerArn": live.outputs["id"]}, ignore=("ListenerNotFound",))


def clashes(live: Listener, want: Listener) -> bool:
    """A load balancer has one listener to a port."""
    return (live.load_balancer, live.port) == (want.load_balancer, want.port)


KIND = Kind(
    Listener,
    read,
    ensure_listener,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.ELB,
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateListener DeleteListener DescribeListeners DescribeLoadBalancers "
        "DescribeRules DescribeTags DescribeTargetGroups ModifyListener",
    ),
)
