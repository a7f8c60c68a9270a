"""The certificates of a listener: the default one, and the list of those for other names."""

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import FakeListener
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.elbv2.listener_checks import SECURE, check_certificates
from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(ELBV2Response, "add_listener_certificates", _add)
    wrap(ELBV2Response, "remove_listener_certificates", _remove)
    wrap(ELBV2Response, "describe_listener_certificates", _describe)


def more_certificates(listener: FakeListener) -> list[str]:
    """Return the listener's list of certificates, which does not hold the default one."""
    found: list[str] = listener.__dict__.setdefault("more_certificates", [])
    return found


def _listener_of(response: Any) -> Any:
    return response.elbv2_backend.describe_listeners(None, [response._get_param("ListenerArn")])[0]


def _add(_original: Any, response: Any) -> Any:
    """Add a certificate. One that is in the list already is not added again (ELBv2 API reference)."""
    listener, sent = _listener_of(response), response._get_param("Certificates", [])
    if listener.protocol not in SECURE:
        invalid(f"Certificates cannot be specified for {listener.protocol} listeners")
    check_certificates(response.elbv2_backend, sent)
    arn, listed = sent[0]["CertificateArn"], more_certificates(listener)
    if arn not in listed:
        if len(listed) >= QUOTAS["certificates-per-application-load-balancer"]:
            refuse(
                "TooManyCertificates",
                "You've reached the limit on the number of certificates per load balancer",
            )
        listed.append(arn)
    return ActionResult({"Certificates": [{"CertificateArn": arn, "IsDefault": False}]})


def _remove(original: Any, response: Any) -> Any:
    listener = _listener_of(response)
    arns = [certificate["CertificateArn"] for certificate in response._get_param("Certificates", [])]
    listed = more_certificates(listener)
    for arn in arns:
        if arn == listener.certificate and arn not in listed:
            refuse("OperationNotPermitted", f"Default certificate '{arn}' cannot be removed")
    listed[:] = [arn for arn in listed if arn not in arns]
    response.params = {"ListenerArn": listener.arn}
    return original(response)


def _describe(_original: Any, response: Any) -> Any:
    """Tell the default certificate and the list. One that is in both is told twice (ELBv2 API reference)."""
    listener = _listener_of(response)
    default = [{"CertificateArn": arn, "IsDefault": True} for arn in listener.certificates]
    others = [{"CertificateArn": arn, "IsDefault": False} for arn in more_certificates(listener)]
    return ActionResult({"Certificates": default + others})
