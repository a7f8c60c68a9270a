"""What DescribeCertificate tells: without dates and issuer's fields while the certificate is pending."""

from typing import Any

from reconciler.sandbox.acm.validation import record_of
from reconciler.sandbox.world import current

ISSUED_ONLY = ("IssuedAt", "NotAfter", "NotBefore", "Serial")  # fields of what has been issued


def describe(original: Any, certificate: Any) -> dict[str, Any]:
    """Return the certificate, with its names in the order of the request."""
    found: dict[str, Any] = original(certificate)
    told = found["Certificate"]
    domains = getattr(certificate, "domains", None)
    if domains is None:  # an imported one
        return found
    told |= {
        "SubjectAlternativeNames": domains,
        "KeyAlgorithm": certificate.key_algorithm,
        "SignatureAlgorithm": "SHA256WITHRSA",
        "Issuer": "Amazon",
        "SubjectAlternativeNameSummaries": domains,
        "HasAdditionalSubjectAlternativeNames": False,
        "DomainValidationOptions": [_option(certificate, number) for number in range(len(domains))],
        "RenewalEligibility": "ELIGIBLE" if certificate.in_use_by else "INELIGIBLE",
    }
    if certificate.status == "FAILED":
        told["FailureReason"] = certificate.failure
    if certificate.status in ("FAILED", "VALIDATION_TIMED_OUT", "PENDING_VALIDATION"):
        for field in ISSUED_ONLY:
            told.pop(field, None)
    return found


def _option(certificate: Any, number: int) -> dict[str, Any]:
    """Return how a name is validated.

    The record is told some moments after the request (ACM user guide), of each further name later.
    """
    domain, names = certificate.domains[number], len(certificate.domains)
    status = {"ISSUED": "SUCCESS", "PENDING_VALIDATION": "PENDING_VALIDATION"}.get(certificate.status, "FAILED")
    option = {"DomainName": domain, "ValidationDomain": domain, "ValidationStatus": status}
    option["ValidationMethod"] = certificate.validation_method
    told_at = certificate.requested_at + current().profile.lag * (1 + number / names)
    record = {"ResourceRecord": record_of(certificate, domain)} if current().clock.now() >= told_at else {}
    return option | (record if certificate.validation_method == "DNS" else {})
