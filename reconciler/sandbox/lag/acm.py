"""Lag in Certificate Manager: reads miss a new certificate for a while (ACM API reference)."""

from collections.abc import Iterator
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertificateNotFound
from moto.acm.responses import AWSCertificateManagerResponse

from reconciler.sandbox.lag.freshness import make_fresh, read_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(AWSCertificateManagerResponse, "request_certificate", _request)
    wrap(AWSCertificateManagerResponse, "describe_certificate", _read)
    wrap(AWSCertificateManagerResponse, "list_tags_for_certificate", _read)
    wrap(AWSCertificateManagerBackend, "list_certificates", _list)


def _request(original: Any, response: Any) -> Any:
    known = set(response.acm_backend._certificates)
    answer = original(response)
    arn = answer.result["CertificateArn"]
    if arn not in known:
        make_fresh(response.acm_backend, "certificate", arn)
    return answer


def _read(original: Any, response: Any) -> Any:
    acm, arn = response.acm_backend, response._get_param("CertificateArn")
    if read_misses(acm, "certificate", arn):
        raise CertificateNotFound(arn=arn, account_id=acm.account_id)
    return original(response)


def _list(original: Any, acm: Any, *args: Any) -> Iterator[Any]:
    for certificate in original(acm, *args):
        if not read_misses(acm, "certificate", certificate.arn):
            yield certificate
