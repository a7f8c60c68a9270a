"""What a platform file names and no run makes: it is there without anybody having made it.

That are the certificates of listeners, the images of registries elsewhere and the permissions boundary
(`iam.boundaries`), in the World's `given`, and the account.
"""

from collections.abc import Collection
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertificateNotFound
from moto.elbv2.models import ELBv2Backend
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend

from reconciler.sandbox.world import call_lock, current, use, wrap


def install() -> None:
    wrap(AWSCertificateManagerBackend, "describe_certificate", _describe_certificate)
    wrap(AWSCertificateManagerBackend, "set_certificate_in_use_by", _set_certificate_in_use_by)
    wrap(IAMBackend, "get_server_certificate", _get_server_certificate)
    wrap(ELBv2Backend, "_certificate_exists", _certificate_exists)


def give(things: Collection[str], account: str | None) -> None:
    """Let the present World have these things too, and the account if one is named."""
    with call_lock:
        old = current()
        use(replace(old, given=old.given | {*things}, account=account or old.account))


def _describe_certificate(original: Any, acm: Any, arn: str) -> Any:
    try:
        return original(acm, arn)
    except CertificateNotFound:
        if arn not in current().given:
            raise
    issued = {"Certificate": {"CertificateArn": arn, "Status": "ISSUED"}}
    return SimpleNamespace(describe=lambda: issued)


def _set_certificate_in_use_by(original: Any, acm: Any, arn: str, load_balancer_name: str) -> None:
    if arn not in current().given:
        original(acm, arn, load_balancer_name)


def _get_server_certificate(original: Any, iam: Any, name: str) -> Any:
    try:
        return original(iam, name)
    except NotFoundException:
        found = next((arn for arn in current().given if arn.endswith(f"/{name}")), None)
        if found is None:
            raise
    return SimpleNamespace(arn=found, cert_name=name, path="/", cert_body="", cert_chain=None)


def _certificate_exists(original: Any, elb: Any, certificate_arn: str) -> Any:
    return certificate_arn in current().given or original(elb, certificate_arn)
