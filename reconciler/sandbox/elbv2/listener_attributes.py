"""Attributes of listeners: as recorded for each protocol, with the values that the user guides allow."""

from collections.abc import Mapping
from typing import Any

from moto.elbv2.models import ELBv2Backend

from reconciler.sandbox.elbv2.attributes import Attribute, defaults, flag, number, take
from reconciler.sandbox.elbv2.refusals import invalid, misconfigured
from reconciler.sandbox.world import wrap

_TEXT = Attribute("")
_RESPONSE = "routing.http.response."
_REQUEST = "routing.http.request."
HTTP: Mapping[str, Attribute] = {
    f"{_RESPONSE}server.enabled": flag("true"),
    f"{_RESPONSE}access_control_max_age.header_value": number("", 0, 86_400),
    **{
        f"{_RESPONSE}{header}.header_value": _TEXT
        for header in (
            "strict_transport_security",
            "access_control_allow_origin",
            "access_control_allow_methods",
            "access_control_allow_headers",
            "access_control_allow_credentials",
            "access_control_expose_headers",
            "content_security_policy",
            "x_content_type_options",
            "x_frame_options",
        )
    },
}
HTTPS: Mapping[str, Attribute] = {
    **HTTP,
    **{
        f"{_REQUEST}{header}.header_name": _TEXT
        for header in (
            "x_amzn_mtls_clientcert",
            "x_amzn_mtls_clientcert_issuer",
            "x_amzn_mtls_clientcert_leaf",
            "x_amzn_mtls_clientcert_serial_number",
            "x_amzn_mtls_clientcert_subject",
            "x_amzn_mtls_clientcert_validity",
            "x_amzn_tls_cipher_suite",
            "x_amzn_tls_version",
        )
    },
}
TCP: Mapping[str, Attribute] = {"tcp.idle_timeout.seconds": number("350", 60, 6000)}
_BY_PROTOCOL = {"HTTP": HTTP, "HTTPS": HTTPS, "TCP": TCP, "TCP_UDP": TCP}  # UDP and TLS have none (recorded)


def install() -> None:
    wrap(ELBv2Backend, "modify_listener_attributes", _modify)


def reset_attributes(listener: Any, kept: Mapping[str, str]) -> None:
    """Give a listener the attributes of its protocol: those that are kept, and the defaults of the others."""
    known = _BY_PROTOCOL.get(listener.protocol, {})
    listener.attributes = {**defaults(known), **{key: value for key, value in kept.items() if key in known}}


def _modify(_original: Any, elb: Any, listener_arn: str, attrs: list[dict[str, str]]) -> dict[str, str]:
    """Change attributes, all or none. An empty text resets one, unless it is true or false (cdkd#1609)."""
    listener = elb.describe_listeners(None, [listener_arn])[0]
    known = _BY_PROTOCOL.get(listener.protocol, {})
    new = {}
    for attribute in attrs:
        key = attribute["Key"]
        if key not in known:
            _refuse_key(listener.protocol, key)
        new[key] = take(known, key, attribute.get("Value", ""), empty_resets=True)
    listener.attributes.update(new)
    return dict(listener.attributes)


def _refuse_key(protocol: str, key: str) -> None:
    if any(key in known for known in _BY_PROTOCOL.values()):
        misconfigured(
            f"Listener attribute key '{key}' is not supported on listeners with protocol '{protocol}'"
        )
    invalid(f"Listener attribute key '{key}' is not recognized")
