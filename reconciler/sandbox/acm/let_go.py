"""Certificates that a listener has let go: ACM takes them to be in use for a while (aws-cdk#4179)."""

from typing import Any

from moto.acm import acm_backends
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.world import current, wrap


def install() -> None:
    for action in (
        "modify_listener",
        "delete_listener",
        "delete_load_balancer",
        "remove_listener_certificates",
    ):
        wrap(ELBV2Response, action, _note)


def is_held(certificate: Any) -> bool:
    """Tell whether ACM still takes the certificate to be in use."""
    return bool(current().clock.now() < certificate.__dict__.get("held_until", 0.0))


def _note(original: Any, response: Any) -> Any:
    elb = response.elbv2_backend
    certificates = acm_backends[elb.account_id][elb.region_name]._certificates
    before = [one for one in certificates.values() if one.in_use_by]
    answer = original(response)
    for certificate in before:
        if not certificate.in_use_by:
            certificate.held_until = current().clock.now() + current().profile.certificate_held
    return answer
