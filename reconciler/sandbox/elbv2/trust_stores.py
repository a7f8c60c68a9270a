"""Trust stores: bundles of authorities' certificates, read from S3 once, by which listeners verify clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.responses import ELBV2Response
from moto.s3 import s3_backends

from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.world import add, current

_LONGEST_NAME = 32
_MOST = 20  # of an account and a region (ELB user guide, quotas)


@dataclass
class TrustStore:
    """A trust store, active from a time of the world's clock on."""

    name: str
    arn: str
    active_at: float = 0.0

    @property
    def is_active(self) -> bool:
        return current().clock.now() >= self.active_at

    def describe(self) -> dict[str, Any]:
        """Return it as the API tells it."""
        status = "ACTIVE" if self.is_active else "CREATING"
        told = {"Name": self.name, "TrustStoreArn": self.arn, "Status": status}
        return {**told, "NumberOfCaCertificates": 1, "TotalRevokedEntries": 0}


def install() -> None:
    add(ELBV2Response, "create_trust_store", _create)
    add(ELBV2Response, "describe_trust_stores", _describe)
    add(ELBV2Response, "modify_trust_store", _modify)
    add(ELBV2Response, "delete_trust_store", _delete)


def trust_stores(elb: Any) -> dict[str, TrustStore]:
    """Return the trust stores of an account and a region, by ARN."""
    found: dict[str, TrustStore] = elb.__dict__.setdefault("trust_stores", {})
    return found


def check_trust_store(elb: Any, arn: str) -> None:
    """Refuse a trust store that is not there, and one whose bundle is still read."""
    _find(elb, arn)
    if not trust_stores(elb)[arn].is_active:
        refuse("TrustStoreNotReady", f"Trust store '{arn}' is not ready")


def _find(elb: Any, arn: str) -> TrustStore:
    if arn not in trust_stores(elb):
        refuse("TrustStoreNotFound", f"Trust store '{arn}' not found")
    return trust_stores(elb)[arn]


def _create(response: Any) -> Any:
    elb, sent = response.elbv2_backend, response._get_params()
    name = str(sent.get("Name", ""))
    if not 0 < len(name) <= _LONGEST_NAME:
        invalid(f"The trust store name '{name}' must have 1 to {_LONGEST_NAME} characters")
    if any(store.name == name for store in trust_stores(elb).values()):
        refuse("DuplicateTrustStoreName", f"A trust store with the name '{name}' already exists")
    if len(trust_stores(elb)) >= _MOST:
        refuse("TooManyTrustStores", "The maximum number of trust stores has been reached")
    _check_bundle(elb, sent)
    own_id = sha256(f"{elb.account_id}/{elb.region_name}/{name}".encode()).hexdigest()[:16]
    start = f"arn:{elb.partition}:elasticloadbalancing:{elb.region_name}:{elb.account_id}:truststore"
    store = TrustStore(name, f"{start}/{name}/{own_id}", current().clock.now() + current().profile.lag)
    trust_stores(elb)[store.arn] = store
    return ActionResult({"TrustStores": [store.describe()]})


def _check_bundle(elb: Any, sent: Mapping[str, Any]) -> None:
    bucket, key = sent.get("CaCertificatesBundleS3Bucket"), sent.get("CaCertificatesBundleS3Key")
    buckets = [b[elb.partition].buckets.get(bucket) for b in s3_backends.values() if elb.partition in b]
    if not any(found is not None and key in found.keys for found in buckets):
        refuse("CaCertificatesBundleNotFound", f"The bundle '{key}' is not in the bucket '{bucket}'")


def _describe(response: Any) -> Any:
    elb, sent = response.elbv2_backend, response._get_params()
    arns, names = sent.get("TrustStoreArns", []), sent.get("Names", [])
    found = [_find(elb, arn) for arn in arns] or [*trust_stores(elb).values()]
    for name in names:
        if name not in {store.name for store in found}:
            refuse("TrustStoreNotFound", f"Trust store '{name}' not found")
    told = [store.describe() for store in found if not names or store.name in names]
    return ActionResult({"TrustStores": told})


def _modify(response: Any) -> Any:
    elb, sent = response.elbv2_backend, response._get_params()
    store = _find(elb, str(sent.get("TrustStoreArn", "")))
    _check_bundle(elb, sent)
    return ActionResult({"TrustStores": [store.describe()]})


def _delete(response: Any) -> Any:
    """Delete a trust store that no listener has. One that is not there is refused."""
    elb = response.elbv2_backend
    arn = _find(elb, str(response._get_param("TrustStoreArn"))).arn
    for balancer in elb.load_balancers.values():
        for listener in balancer.listeners.values():
            if (listener.mutual_authentication or {}).get("TrustStoreArn") == arn:
                refuse("TrustStoreInUse", f"Trust store '{arn}' is in use by listener '{listener.arn}'")
    del trust_stores(elb)[arn]
    return ActionResult({})
