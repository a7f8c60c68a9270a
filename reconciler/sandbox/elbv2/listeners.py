"""Listeners as in AWS: one for a port, complete default actions, and security as the protocol wants it."""

from copy import deepcopy
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import FakeAction, FakeListener
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.elbv2.action_checks import check_actions
from reconciler.sandbox.elbv2.actions import complete_actions
from reconciler.sandbox.elbv2.forward_checks import check_forwards
from reconciler.sandbox.elbv2.listener_attributes import reset_attributes
from reconciler.sandbox.elbv2.listener_checks import SECURE, SSL_POLICY, check_protocol, check_security
from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.world import add, wrap

Settings = dict[str, Any]  # of a listener, by the API's names
OFF = {"Mode": "off"}  # mutual authentication, where none is asked for (recorded)


def install() -> None:
    wrap(ELBV2Response, "create_listener", _create)
    wrap(ELBV2Response, "modify_listener", _modify)
    add(FakeAction, "__init__", _init_action)


def _init_action(action: Any, data: dict[str, Any]) -> None:
    """Begin an action with a copy of what is given; moto fills in weights, which not every action has."""
    action.data, action.type = deepcopy(data), data.get("Type")
    action.__dict__.update(action.data)


def _create(original: Any, response: Any) -> Any:
    """Create a listener, or answer with the one that has this port and these settings. Tags do not count."""
    elb, sent = response.elbv2_backend, response._get_params()
    balancer = elb.load_balancers.get(sent["LoadBalancerArn"])
    if balancer is None:
        refuse("LoadBalancerNotFound", f"Load balancer '{sent['LoadBalancerArn']}' not found")
    settings = complete_settings(
        elb, balancer, {k: v for k, v in sent.items() if k not in ("LoadBalancerArn", "Tags")}
    )
    existing = _listener_at(balancer, settings["Port"])
    if existing is not None and existing.settings != settings:
        _refuse_port(balancer)
    if existing is not None:
        return ActionResult({"Listeners": [existing]})
    check_forwards(elb, balancer, settings["Protocol"], settings["DefaultActions"])
    if len(balancer.listeners) >= QUOTAS["listeners-per-application-load-balancer"]:
        refuse("TooManyListeners", "The maximum number of listeners has been reached on the load balancer")
    response.params = {**settings, "LoadBalancerArn": balancer.arn, "Tags": sent.get("Tags")}
    answer = original(response)
    (listener,) = answer.result["Listeners"]
    keep_settings(listener, settings)
    reset_attributes(listener, {})
    return answer


def complete_settings(elb: Any, balancer: Any, settings: Settings) -> Settings:
    """Return the settings of a listener with their defaults. Refuses those that AWS does not take."""
    check_protocol(balancer, settings)
    check_security(elb, settings)
    check_actions(settings["DefaultActions"], settings["Protocol"])
    network = balancer.type == "network"
    full = {**settings, "DefaultActions": complete_actions(settings["DefaultActions"], network=network)}
    if settings["Protocol"] in SECURE:
        full = {"SslPolicy": SSL_POLICY, **full}
    if settings["Protocol"] == "HTTPS":
        full["MutualAuthentication"] = {**OFF, **(settings.get("MutualAuthentication") or {})}
    return full


def _listener_at(balancer: Any, port: Any) -> Any:
    return next((each for each in balancer.listeners.values() if int(each.port) == int(port)), None)


def _refuse_port(balancer: Any) -> None:
    message = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
    refuse("DuplicateListener", message)


def keep_settings(listener: Any, settings: Settings) -> None:
    """Let the listener tell these settings. It tells its default certificate only (recorded)."""
    certificate = next((c["CertificateArn"] for c in settings.get("Certificates", [])), None)
    listener.settings = settings
    listener.port, listener.protocol = settings["Port"], settings["Protocol"]
    listener.certificate = certificate
    listener.certificates = [certificate] if certificate else []
    listener.ssl_policy = settings.get("SslPolicy")
    listener.alpn_policy = settings.get("AlpnPolicy")
    listener.mutual_authentication = settings.get("MutualAuthentication")
    listener.default_actions = [FakeAction(action) for action in settings["DefaultActions"]]
    listener._default_rule[0].actions = listener.default_actions


def _modify(original: Any, response: Any) -> Any:
    """Change what is sent. A listener that is no longer secure loses certificates and policies."""
    elb, sent = response.elbv2_backend, response._get_params()
    listener: FakeListener = elb.describe_listeners(None, [sent["ListenerArn"]])[0]
    balancer = elb.load_balancers[listener.load_balancer_arn]
    changes = {key: value for key, value in sent.items() if key != "ListenerArn"}
    kept = dict(listener.settings)
    if (protocol := sent.get("Protocol", listener.protocol)) != listener.protocol:
        kept = {key: kept[key] for key in ("Port", "DefaultActions")}
        if protocol in SECURE and "SslPolicy" not in sent:
            invalid(f"An SSL policy must be specified for {protocol} listeners")
    settings = complete_settings(elb, balancer, {**kept, **changes})
    if _listener_at(balancer, settings["Port"]) not in (None, listener):
        _refuse_port(balancer)
    check_forwards(elb, balancer, settings["Protocol"], settings["DefaultActions"])
    response.params = {"ListenerArn": listener.arn, "DefaultActions": settings["DefaultActions"]}
    answer = original(response)  # which notes the end of the use of target groups (`lag.deletes`)
    keep_settings(listener, settings)
    if listener.protocol not in SECURE:
        listener.__dict__["more_certificates"] = []
    reset_attributes(listener, listener.attributes)
    return answer
