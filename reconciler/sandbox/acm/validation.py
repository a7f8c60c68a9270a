"""The validation of certificates: by DNS records, which a hosted zone of this AWS has, or has not.

A certificate that is validated by DNS is issued once public hosted zones, of whatever account, hold the records
of all of its names: at the next look in a calm profile, and after the profile's time in the others. AWS finds
records elsewhere too, the embedded AWS does not. One that is validated by e-mail stays pending, for nobody
reads the mail.
"""

from hashlib import sha256
from typing import Any

from moto.acm import acm_backends
from moto.acm.models import CertBundle
from moto.core.utils import utcnow

from reconciler.sandbox.acm.public_dns import has_record, is_forbidden
from reconciler.sandbox.lag.freshness import make_fresh, write_misses
from reconciler.sandbox.world import add, current

TIMED_OUT = 72 * 3600  # seconds until ACM gives up (user guide, DNS validation)


def install() -> None:
    add(CertBundle, "check", _check)


def record_of(certificate: Any, domain: str) -> dict[str, str]:
    """Return the record that validates a domain. It is the same for all certificates of the account."""
    base, account = domain.removeprefix("*."), certificate.arn.split(":")[4]
    name, value = (sha256(f"{part}/{account}/{base}".encode()).hexdigest()[:32] for part in ("name", "value"))
    return {"Name": f"_{name}.{base}.", "Type": "CNAME", "Value": f"_{value}.xlfgrmvvlj.acm-validations.aws."}


def _check(certificate: Any) -> None:
    """Bring the status up to date."""
    now = current().clock.now()
    if certificate._not_valid_after(certificate._cert) <= utcnow():
        certificate.status = "EXPIRED"
    if certificate.status != "PENDING_VALIDATION":
        return
    if certificate.validation_method == "DNS" and _is_proved(certificate):
        certificate.__dict__.setdefault("proved_at", now)
        if now >= certificate.proved_at + current().profile.certificate:
            refused = _is_forbidden(certificate)
            certificate.status = "FAILED" if refused else "ISSUED"
            certificate.failure = "CAA_ERROR" if refused else None
            make_fresh(_backend_of(certificate), "issued", f"issued {certificate.arn}")
    elif now >= certificate.requested_at + TIMED_OUT:
        certificate.status = "VALIDATION_TIMED_OUT"


def is_unknown_to_listeners(certificate: Any) -> bool:
    """Draw whether a load balancer does not know yet that the certificate was issued just now."""
    return write_misses(_backend_of(certificate), "issued", f"issued {certificate.arn}")


def _backend_of(certificate: Any) -> Any:
    _, _, _, region, account, _ = certificate.arn.split(":", 5)
    return acm_backends[account][region]


def _is_proved(certificate: Any) -> bool:
    """Tell whether the world sees the records of all names of the certificate."""
    partition = certificate.arn.split(":")[1]
    wanted = (record_of(certificate, domain) for domain in certificate.domains)
    return all(has_record(partition, record["Name"], record["Value"]) for record in wanted)


def _is_forbidden(certificate: Any) -> bool:
    partition = certificate.arn.split(":")[1]
    return any(is_forbidden(partition, domain) for domain in certificate.domains)
