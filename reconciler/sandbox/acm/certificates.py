"""Certificates as in AWS: requests by token, pending until they are validated, in use by listeners."""

from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.elbv2 import elbv2_backends

from reconciler.sandbox.acm.answers import describe
from reconciler.sandbox.acm.let_go import is_held
from reconciler.sandbox.acm.requests import check_request, check_tags
from reconciler.sandbox.elbv2.listener_certificates import more_certificates
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import add, current, wrap

TOKEN_HOLDS = 3600  # seconds (ACM API reference, RequestCertificate)


def install() -> None:
    wrap(AWSCertificateManagerResponse, "request_certificate", _request)
    wrap(AWSCertificateManagerResponse, "get_certificate", _get)
    for action in ("add_tags_to_certificate", "remove_tags_from_certificate", "import_certificate"):
        wrap(AWSCertificateManagerResponse, action, _check_tags)
    wrap(AWSCertificateManagerBackend, "request_certificate", _request_new)
    wrap(AWSCertificateManagerBackend, "import_certificate", _import)
    wrap(AWSCertificateManagerBackend, "delete_certificate", _delete)
    wrap(AWSCertificateManagerBackend, "list_certificates", _list)
    wrap(CertBundle, "describe", describe)
    add(CertBundle, "in_use_by", property(_in_use_by, _ignore))


def _request(original: Any, response: Any) -> Any:
    """Request a certificate. The validation is by e-mail if nothing is asked for (ACM API reference)."""
    domain = response._get_param("DomainName")
    others = response._get_param("SubjectAlternativeNames", [])
    domains = list(dict.fromkeys([domain, *others]))
    check_request(domains, response._get_param("DomainValidationOptions", []), response._get_param("Tags", []))
    answer = original(response)
    made = response.acm_backend._certificates[answer.result["CertificateArn"]]
    if not hasattr(made, "domains"):
        made.domains = domains
        made.requested_at = current().clock.now()
        made.validation_method = response._get_param("ValidationMethod") or "EMAIL"
        made.key_algorithm = response._get_param("KeyAlgorithm") or "RSA_2048"
    return answer


def _request_new(original: Any, acm: Any, domain_name: str, token: str | None, names: Any, *rest: Any) -> str:
    """Request a certificate, or answer with the one that was requested with this token for these names."""
    known = acm._certificates.get(acm._get_arn_from_idempotency_token(token)) if token else None
    wanted = list(dict.fromkeys([domain_name, *(names or [])]))
    until = known.requested_at + TOKEN_HOLDS if known is not None else 0
    if known is not None and known.domains == wanted and current().clock.now() < until:
        return str(known.arn)
    if token:
        acm._idempotency_tokens.pop(token, None)
    return str(original(acm, domain_name, token, names, *rest))


def _check_tags(original: Any, response: Any) -> Any:
    check_tags(response._get_param("Tags", []))
    return original(response)


def _get(original: Any, response: Any) -> Any:
    certificate = response.acm_backend.get_certificate(response._get_param("CertificateArn"))
    if certificate.status == "PENDING_VALIDATION":
        raise Refusal("RequestInProgressException", f"Certificate {certificate.arn} is not issued yet")
    return original(response)


def _import(original: Any, acm: Any, certificate: bytes, private_key: bytes, **other: Any) -> str:
    """Import a certificate, or another in the place of one that was imported, which keeps its tags."""
    old = acm._certificates.get(other.get("arn"))
    if old is not None and old.type != "IMPORTED":
        raise Refusal("ValidationException", f"Certificate {old.arn} was not imported")
    if old is not None and other.get("tags"):
        raise Refusal("ValidationException", "Tags cannot be given to a certificate that is imported again")
    arn = str(original(acm, certificate, private_key, **other))
    made = acm._certificates[arn]
    if old is not None:
        made.tags = old.tags
    if _public(made._cert) != _public(made._key):
        acm._certificates.pop(arn)
        acm._certificates |= {arn: old} if old is not None else {}
        raise Refusal("ValidationException", "The private key does not match the certificate.")
    return arn


def _public(holder: Any) -> bytes:
    pem: bytes = holder.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def _list(original: Any, acm: Any, statuses: Any, includes: dict[str, Any] | None) -> Any:
    """List certificates. Those with other keys than RSA's usual ones are told if they are asked for (API)."""
    return original(acm, statuses, {"keyTypes": ["RSA_1024", "RSA_2048"], **(includes or {})})


def _delete(original: Any, acm: Any, arn: str) -> None:
    certificate = acm._certificates.get(arn)
    if certificate is not None and (certificate.in_use_by or is_held(certificate)):
        raise Refusal("ResourceInUseException", f"Certificate {arn} in account {acm.account_id} is in use.")
    original(acm, arn)


def _in_use_by(certificate: Any) -> list[str]:
    """Return the ARNs of the load balancers whose listeners have the certificate now."""
    _, _, _, region, account, _ = certificate.arn.split(":", 5)
    return [
        balancer.arn
        for balancer in elbv2_backends[account][region].load_balancers.values()
        if any(
            certificate.arn in (listener.certificate, *more_certificates(listener))
            for listener in balancer.listeners.values()
        )
    ]


def _ignore(certificate: Any, value: Any) -> None:
    """Ignore the empty list that moto begins with: what uses a certificate is looked up."""
