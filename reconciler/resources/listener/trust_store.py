"""Mutual TLS: clients of a listener show certificates, which a trust store of ELB verifies."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.plan import Conflict
from reconciler.model.steps import ErrorMatch
from reconciler.resources.elb import Raw
from reconciler.resources.listener.spec import Listener

NO_TRUST_STORE = ("TrustStoreNotFound",)
NOT_READY = ErrorMatch("TrustStoreNotReady", patience=120)  # its bundle is still read (ELBv2 API reference)
VERIFY = "verify"


def from_mutual(listener: Raw) -> str:
    """Return the ARN of the trust store, given a listener as AWS describes it; empty if it asks for none.

    A listener that passes certificates on without a look has the mode's name instead.
    """
    mutual: Mapping[str, Any] = listener.get("MutualAuthentication") or {}
    mode = str(mutual.get("Mode", "off"))
    return str(mutual.get("TrustStoreArn", VERIFY)) if mode == VERIFY else mode.removeprefix("off")


def to_mutual(trust_store: str) -> dict[str, Any]:
    """Return the parameter of a listener that verifies clients by this trust store; empty: none does."""
    wanted = {"Mode": VERIFY, "TrustStoreArn": trust_store} if trust_store else {"Mode": "off"}
    return {"MutualAuthentication": wanted}


def check_trust_stores(reads: Reads) -> Iterator[Conflict]:
    """Yield each trust store of the desired listeners that is not there. Raises `ReadFailed`."""
    for want in reads.desired.of(Listener).values():
        if want.trust_store and not reads.ask(
            "elbv2",
            "describe_trust_stores",
            "TrustStores[].TrustStoreArn",
            NO_TRUST_STORE,
            TrustStoreArns=[want.trust_store],
        ):
            why = f"its trust store {want.trust_store} does not exist in {reads.aws.region}"
            remedy = "check its ARN; aws elbv2 describe-trust-stores shows those of a region"
            yield Conflict(want.address, why, remedy)
