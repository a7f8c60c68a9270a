"""Check the protocol, port, policy and certificates of a listener. Settings have the API's names."""

from collections.abc import Mapping
from typing import Any

from moto.acm import acm_backends
from moto.elbv2.ssl_policies import SSL_POLICIES

from reconciler.sandbox.acm.validation import is_unknown_to_listeners
from reconciler.sandbox.elbv2.refusals import invalid, misconfigured, refuse
from reconciler.sandbox.elbv2.trust_stores import check_trust_store

PROTOCOLS = {"application": ("HTTPS", "HTTP"), "network": ("UDP", "TCP", "TLS", "TCP_UDP")}
SECURE = ("HTTPS", "TLS")
SSL_POLICY = "ELBSecurityPolicy-2016-08"  # of a listener that is created without one (recorded)
ALPN_POLICIES = ("HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None")
_MUTUAL_MODES = ("off", "passthrough", "verify")


def check_protocol(balancer: Any, settings: Mapping[str, Any]) -> None:
    """Refuse a listener without port or protocol, or with a protocol of another type of load balancer."""
    for name in ("port", "protocol"):
        if settings.get(name.title()) is None:
            invalid(f"A listener {name} must be specified")
    protocols = PROTOCOLS[balancer.type]
    if settings["Protocol"] not in protocols:
        invalid(f"Listener protocol '{settings['Protocol']}' must be one of '{', '.join(protocols)}'")


def check_security(elb: Any, settings: Mapping[str, Any]) -> None:
    """Refuse what does not go together of protocol, certificate and policies."""
    protocol, certificates = settings["Protocol"], settings.get("Certificates", [])
    if protocol not in SECURE:
        _check_plain(elb, settings)
        return
    if not certificates:
        invalid(f"A certificate must be specified for {protocol} listeners")
    check_certificates(elb, certificates)
    policy = settings.get("SslPolicy")
    if policy is not None and policy not in SSL_POLICIES:
        refuse("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    _check_alpn(protocol, settings.get("AlpnPolicy", []))
    _check_mutual(elb, protocol, settings.get("MutualAuthentication"))


def _check_plain(elb: Any, settings: Mapping[str, Any]) -> None:
    protocol = settings["Protocol"]
    if settings.get("Certificates"):
        invalid(f"A certificate cannot be specified for {protocol} listeners")
    if settings.get("SslPolicy"):
        invalid(f"An SSL policy cannot be specified for {protocol} listeners")
    _check_alpn(protocol, settings.get("AlpnPolicy", []))
    _check_mutual(elb, protocol, settings.get("MutualAuthentication"))


def _check_alpn(protocol: str, policies: list[str]) -> None:
    for policy in policies:
        if policy not in ALPN_POLICIES:
            refuse("ALPNPolicyNotFound", f"ALPN policy '{policy}' not found")
    if policies and protocol != "TLS":
        misconfigured(f"ALPN policies are not supported on {protocol} listeners")


def _check_mutual(elb: Any, protocol: str, mutual: Mapping[str, Any] | None) -> None:
    """Refuse mutual authentication elsewhere than over HTTPS, and trust stores that cannot verify."""
    if mutual is None:
        return
    if protocol != "HTTPS":
        misconfigured(f"Mutual authentication is not supported on {protocol} listeners")
    mode, store = mutual.get("Mode", "off"), mutual.get("TrustStoreArn")
    if mode not in _MUTUAL_MODES:
        invalid(f"Mutual authentication mode '{mode}' must be one of '{', '.join(_MUTUAL_MODES)}'")
    if mode == "verify" and store is None:
        invalid("A trust store must be specified for the mutual authentication mode 'verify'")
    if store is not None:
        check_trust_store(elb, store)


def check_certificates(elb: Any, certificates: list[Mapping[str, Any]]) -> None:
    """Refuse more than one certificate a call, an absent one, and one that is not issued."""
    if len(certificates) != 1:
        invalid(f"Up to '1' certificate ARNs can be specified, but '{len(certificates)}' were specified")
    arn = str(certificates[0].get("CertificateArn", ""))
    if not arn.startswith("arn:"):
        invalid(f"Certificate ARN '{arn}' is not valid")
    if not elb._certificate_exists(arn):
        refuse("CertificateNotFound", f"Certificate '{arn}' not found")
    known = acm_backends[elb.account_id][elb.region_name]._certificates.get(arn)
    if known is not None:
        known.check()
    if known is not None and (known.status != "ISSUED" or is_unknown_to_listeners(known)):
        refuse(
            "UnsupportedCertificate",
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, "
            "and a supported key size.",
        )
