"""The validation of certificates: by DNS records, which a hosted zone of the account has, or has not.

A certificate that is validated by DNS is issued once hosted zones hold the records of all of its names: at the
next look in a calm profile, and after the profile's time in the others. AWS finds records elsewhere too, the
embedded AWS does not. One that is validated by e-mail stays pending, for nobody reads the mail.
"""

from hashlib import sha256
from typing import Any

from moto.acm.models import CertBundle
from moto.core.utils import utcnow
from moto.route53 import route53_backends

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
            certificate.status = "ISSUED"
    elif now >= certificate.requested_at + TIMED_OUT:
        certificate.status = "VALIDATION_TIMED_OUT"


def _is_proved(certificate: Any) -> bool:
    """Tell whether the account's hosted zones hold the records of all names of the certificate."""
    _, partition, _, _, account, _ = certificate.arn.split(":", 5)
    held = {
        (record.name.rstrip(".").lower(), str(value).rstrip(".").lower())
        for zone in route53_backends[account][partition].zones.values()
        for record in zone.rrsets
        if record.type == "CNAME"
        for value in record.records
    }
    wanted = (record_of(certificate, domain) for domain in certificate.domains)
    return all((record["Name"].rstrip("."), record["Value"].rstrip(".")) in held for record in wanted)
