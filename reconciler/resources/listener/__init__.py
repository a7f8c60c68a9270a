"""Listeners: the ports of a load balancer, with the default action for requests that match no rule."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, ErrorMatches, Later, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import elb
from reconciler.resources.elb_forward import GROUP_NOT_FOUND, LISTENER_NOT_FOUND, find_target, find_weights
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.listener.certificates import check_certificates
from reconciler.resources.listener.default_action import from_actions, to_actions
from reconciler.resources.listener.further_certificates import (
    add_certificates,
    read_certificates,
    remove_certificates,
)
from reconciler.resources.listener.moving import (
    interrupts,
    join_actions,
    leave_alone,
    move,
    must_wait,
)
from reconciler.resources.listener.naming import name_listeners
from reconciler.resources.listener.severities import SEVERITIES
from reconciler.resources.listener.spec import (
    SSL_POLICY,
    FixedResponse,
    Forward,
    Listener,
    OtherAction,
    Redirect,
)
from reconciler.resources.listener.trust_store import NOT_READY, check_trust_stores, from_mutual, to_mutual

__all__ = [
    "KIND",
    "SSL_POLICY",
    "FixedResponse",
    "Forward",
    "Listener",
    "OtherAction",
    "Redirect",
    "ensure_listener",
    "from_aws",
]

# A certificate may have been issued seconds ago (terraform-provider-aws#41789); that it was, the plan has read.
# Another listener of ours may be about to leave the port.
NOT_YET = (
    ErrorMatch("CertificateNotFound", patience=30),
    ErrorMatch("UnsupportedCertificate", patience=30),
    ErrorMatch("DuplicateListener", patience=60),
    NOT_READY,
)
BALANCER_NOT_FOUND = (ErrorMatch("LoadBalancerNotFound", patience=60),)
SECURED = ("protocol", "certificate", "ssl_policy", "trust_store")  # fields that are sent together
# One that this run has requested is not known everywhere for longer; Terraform waits as long.
CERTIFICATE_NOT_SHOWN = ("CertificateNotFound", "UnsupportedCertificate")
SECURE = ("HTTPS", "TLS")  # protocols with a certificate
LISTENER_PATIENCE = 300  # seconds


def read(reads: Reads) -> Iterator[Live[Listener]]:
    tags_by_arn, plan_names, named = elb.read_tags(reads), elb.read_plan_names(reads), name_listeners(reads)
    for listener in elb.list_listeners(reads):
        arn = listener["ListenerArn"]
        if arn in plan_names or listener["LoadBalancerArn"] in plan_names:
            resource_tags = tags_by_arn.get(arn, {})
            spec = from_aws(named[arn], resource_tags, listener)
            further = {"certificates": read_certificates(reads, named[arn], arn)}
            yield Live(spec.model_copy(update=further), {"id": arn}, tags.owner(resource_tags))


def from_aws(name: str, resource_tags: tags.Tags, listener: elb.Raw) -> Listener:
    """Return the spec of a listener of DescribeListeners, with this name in the plan."""
    actions = listener["DefaultActions"]
    weights = {} if elb.has_rules(listener) else find_weights(actions)
    target = find_target(actions)
    return Listener(
        name=name,
        tags=resource_tags,
        load_balancer=listener["LoadBalancerArn"],
        port=listener["Port"],
        protocol=listener["Protocol"],
        certificate=next((c["CertificateArn"] for c in listener.get("Certificates", ())), None),
        trust_store=from_mutual(listener),
        ssl_policy=listener.get("SslPolicy"),
        default=from_actions(actions, listener["Protocol"]),
        idle_groups=frozenset(g for g, weight in weights.items() if not weight) if target in weights else (),
        weights=weights,
        forwards_to=elb.find_target_groups(actions),
    )


def ensure_listener(want: Listener, live: Live[Listener] | None) -> Iterator[Step | Later]:
    if not live:
        params = {
            "LoadBalancerArn": want.load_balancer,
            "Port": want.port,
            **_to_security_parameters(want, is_new=True),
        }
        params |= {"DefaultActions": to_actions(want.default), "Tags": tags.encode(want.tags)}
        outputs = {"id": "Listeners[0].ListenerArn"}
        not_yet = (*_until_shown(want), *NOT_YET, *if_new(BALANCER_NOT_FOUND, want.load_balancer))
        yield Call("elbv2", "create_listener", params, outputs, retry=not_yet, patience=LISTENER_PATIENCE)
        yield from add_certificates(want, None)
        return
    yield from tags.retag(tags.ELB, want, live)
    was_secure = live.spec.protocol == want.protocol
    yield from add_certificates(want, live) if was_secure else ()  # before the default one may leave
    waits = must_wait(want, live.spec)
    moves = None if want.default == live.spec.default else to_actions(want.default)
    if changes := _find_changes(want, live.spec, join_actions(want, live.spec) if waits else moves):
        params = {"ListenerArn": want.ref(), **changes}
        not_yet = (*_until_shown(want), *NOT_YET, *if_new(LISTENER_NOT_FOUND, want.ref()))
        yield Call("elbv2", "modify_listener", params, retry=not_yet, patience=LISTENER_PATIENCE)
    yield from remove_certificates(want, live) if was_secure else add_certificates(want, live)
    if waits:
        yield from move(want, live.spec)
    if waits or (live.spec.idle_groups and "DefaultActions" not in changes):
        yield from leave_alone(want)


def _until_shown(want: Listener) -> ErrorMatches:
    """Return the refusals that pass once AWS shows everywhere what this run has made for the listener."""
    certificate = if_new(CERTIFICATE_NOT_SHOWN, want.certificate) if want.certificate else ()
    to = want.default.target_group if isinstance(want.default, Forward) else None
    return (*certificate, *(if_new(GROUP_NOT_FOUND, to) if to else ()))


def _find_changes(want: Listener, live: Listener, actions: Any) -> Mapping[str, Any]:
    secured = [(getattr(want, f), getattr(live, f)) for f in SECURED]
    changes: dict[str, Any] = {"Port": want.port} if want.port != live.port else {}
    if any(new is not None and new != old for new, old in secured):
        changes |= _to_security_parameters(want, is_new=want.protocol != live.protocol)
    return changes | ({"DefaultActions": actions} if actions else {})


def _to_security_parameters(want: Listener, *, is_new: bool) -> dict[str, Any]:
    """Return protocol, certificate and policy.

    From HTTP to HTTPS, all change together (ELBv2 API reference).
    """
    params: dict[str, Any] = {"Protocol": want.protocol}
    if want.certificate:
        params["Certificates"] = [{"CertificateArn": want.certificate}]
    if want.trust_store is not None and want.protocol == "HTTPS":
        params |= to_mutual(want.trust_store)
    if policy := want.ssl_policy or (SSL_POLICY if is_new and want.protocol in SECURE else None):
        params["SslPolicy"] = policy
    return params


def remove(live: Live[Listener]) -> Iterator[Step]:
    yield Call("elbv2", "delete_listener", {"ListenerArn": live.outputs["id"]}, ignore=("ListenerNotFound",))


def clashes(live: Listener, want: Listener) -> bool:
    """Tell whether both are on the same port of one load balancer, where only one listener can be."""
    return (live.load_balancer, live.port) == (want.load_balancer, want.port)


def place_taken(want: Listener, live: Live[Listener], _listeners: Iterable[Listener]) -> tuple[str, str]:
    """Return who has the port of the load balancer."""
    why = (
        f"port {want.port} of load balancer {want.load_balancer.name} is taken by listener {live.outputs['id']}"
    )
    return why, "choose another port"


def _check(reads: Reads) -> Iterator[Conflict | PlanWarning]:
    yield from check_certificates(reads)
    yield from check_trust_stores(reads)


KIND = Kind(
    Listener,
    read,
    ensure_listener,
    remove,
    relations=Relations(clashes=clashes, place_taken=place_taken, interrupts=interrupts),
    tagging=tags.ELB,
    severities=SEVERITIES,
    check=_check,
    indexed_as="elasticloadbalancing:loadbalancer/",
    touched_by=TouchedBy(
        "elasticloadbalancing.amazonaws.com",
        {"listenerArn": "id", "resourceArns": "id"},
        made_by=("CreateListener",),
        deleted_by=("DeleteListener",),
        changed_by={
            "": ("ModifyListener",),
            "certificates": ("AddListenerCertificates", "RemoveListenerCertificates"),
            TAGS: ("AddTags", "RemoveTags"),
        },
        parameters={
            "port": "port",
            "protocol": "protocol",
            "ssl_policy": "sslPolicy",
            "default": "defaultActions",
        },
        nameless=True,
    ),
    actions=actions(
        "elasticloadbalancing",
        "AddListenerCertificates AddTags CreateListener DeleteListener DescribeListenerCertificates "
        "DescribeListeners DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroups "
        "DescribeTargetHealth DescribeTrustStores ModifyListener RemoveListenerCertificates",
    )
    | actions("acm", "DescribeCertificate")
    | actions("iam", "GetServerCertificate"),
)
