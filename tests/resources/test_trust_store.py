"""A listener that has a trust store verifies its clients' certificates."""

from typing import Any

import pytest
from balancing import balancer, id_of, listener, zones
from issued import issue_certificate
from support import OURS, client, connection, differences, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.plan import Conflict
from reconciler.resources.listener import Listener
from reconciler.resources.listener.trust_store import check_trust_stores, from_mutual, to_mutual
from reconciler.sandbox.planted import plant

STORE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/shop/0a1b2c3d4e5f6789"


@pytest.mark.parametrize(
    ("answered", "store"),
    [
        ({}, ""),
        ({"Mode": "off"}, ""),
        ({"Mode": "passthrough"}, "passthrough"),
        ({"Mode": "verify", "TrustStoreArn": STORE, "IgnoreClientCertificateExpiry": False}, STORE),
    ],
)
def test_what_aws_tells_of_mutual_tls_is_the_trust_store(answered: dict[str, Any], store: str):
    assert from_mutual({"MutualAuthentication": answered}) == store


def test_it_is_sent_with_its_mode():
    assert to_mutual(STORE) == {"MutualAuthentication": {"Mode": "verify", "TrustStoreArn": STORE}}
    assert to_mutual("") == {"MutualAuthentication": {"Mode": "off"}}


@pytest.mark.usefixtures("aws")
def test_it_comes_and_goes_in_place():
    arn = issue_certificate(client("acm"), client("route53"), "a.example")
    plant([{"type": "trust_store", "arn": STORE}], None, "us-east-1")

    def front(store: str | None) -> list[Any]:
        return [*zones(), balancer(), listener(protocol="HTTPS", certificate=arn, trust_store=store)]

    settle(front(STORE))
    assert not see(front(None)).changes
    (left,) = see(front(None)).not_in_file
    assert (left.live, left.key) == (STORE, "load_balancer.listeners.NAME.trust_store")
    settle(front(""))
    on = {"Mode": "verify", "TrustStoreArn": STORE}
    client("elbv2").modify_listener(ListenerArn=id_of(listener()), MutualAuthentication=on)
    assert differences(see(front(""))) == {"listener.alb-dev-http": ["trust_store"]}
    settle(front(""))


@pytest.mark.usefixtures("aws")
def test_one_that_is_not_there_is_a_conflict():
    want = listener(protocol="HTTPS", certificate="arn:a", trust_store=STORE)
    assert [type(found) for found in checked(want)] == [Conflict]
    plant([{"type": "trust_store", "arn": STORE}], None, "us-east-1")
    assert not checked(want)


def checked(want: Listener) -> list[Conflict]:
    with open_reads(connection(), OURS, [want]) as reads:
        return [*check_trust_stores(reads)]
