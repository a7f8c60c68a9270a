"""Certificates as specs and calls; end_to_end/test_https_names.py has them on the embedded AWS."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import OTHERS, client, live_of, make

from reconciler.model.references import Text, resolve, walk
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Wait
from reconciler.plan import plan
from reconciler.plan.validate import problems
from reconciler.resources import KINDS
from reconciler.resources.certificate import KIND, Certificate, ensure_certificate, from_aws
from reconciler.resources.certificate.records import TTL
from reconciler.resources.certificate.spec import domains_of, order_names
from reconciler.resources.dns_zones import ZONES

ROLE = "arn:aws:iam::210987654321:role/zone"
NAMES = frozenset({"*.shop.example.com", "shop.example.com", "example.com"})
LABELS = st.text("abc", min_size=1, max_size=3)
HOSTS = st.builds(lambda star, one, two: f"{star}{one}.{two}.com", st.sampled_from(["", "*."]), LABELS, LABELS)


def certificate(names: frozenset[str] = NAMES, zone: str = f"Z1 {ROLE}", **fields: Any) -> Certificate:
    made = make(Certificate, "alb-dev-https", names=names, **fields)
    return made.model_copy(update={"tags": {**made.tags, ZONES: zone}})


def live(certificate: Certificate, **outputs: str) -> Live[Certificate]:
    return Live(certificate, {"id": "arn:1", **outputs}, "shop/dev/us-east-1")


def test_an_answer_becomes_a_spec():
    answer = {
        "DomainName": "Example.com",
        "SubjectAlternativeNames": ["Example.com", "*.shop.example.com", "shop.example.com"],
        "Status": "ISSUED",
    }
    assert from_aws("alb-dev-https", dict(certificate().tags), answer) == certificate()
    pending = from_aws("a", {}, answer | {"Status": "PENDING_VALIDATION"})
    assert (pending.issued, pending.given_up) == (False, "")
    failed = from_aws("a", {}, answer | {"Status": "FAILED", "FailureReason": "CAA_ERROR"})
    assert failed.given_up == "FAILED (CAA_ERROR)"
    for status in ("EXPIRED", "VALIDATION_TIMED_OUT", "INACTIVE", "REVOKED"):
        of_no_use = from_aws("a", {}, answer | {"Status": status})
        assert (of_no_use.issued, of_no_use.given_up) == (True, status), "its place is taken by a new one"
    failing = {"RenewalSummary": {"RenewalStatus": "PENDING_VALIDATION"}}
    assert from_aws("a", {}, answer | failing).renewal == "PENDING_VALIDATION"


def test_it_is_requested_then_its_records_are_written_then_it_is_waited_for():
    request, told, write, issued = ensure_certificate(certificate(), None)
    assert isinstance(request, Call)
    assert isinstance(write, Call)
    assert isinstance(told, Wait)
    assert isinstance(issued, Wait)
    assert request.params["DomainName"] == "example.com"
    assert request.params["SubjectAlternativeNames"] == ["shop.example.com", "*.shop.example.com"]
    assert (told.for_outputs, issued.patience) == (True, 1800)
    assert (write.role, write.params["HostedZoneId"]) == (ROLE, "Z1")
    changes = write.params["ChangeBatch"]["Changes"]
    assert [change["Action"] for change in changes] == ["UPSERT"] * 2, "one record for *.shop and shop"
    assert {ref.attr for ref in walk(write.params)} == told.outputs.keys()
    assert not problems(plan(KINDS, [certificate()], [], "shop/dev/us-east-1").changes)


def test_its_token_holds_within_one_run_only():
    def token(of: Certificate, run: str) -> str:
        request = next(iter(ensure_certificate(of, None)))
        assert isinstance(request, Call)
        text = request.params["IdempotencyToken"]
        assert isinstance(text, Text)
        return str(resolve(text, lambda _ref: run))

    first = token(certificate(), "0123456789abcdef")
    assert re.fullmatch(r"\w{1,32}", first)
    assert first == token(certificate(), "0123456789abcdef")
    assert first != token(certificate(), "1123456789abcdef")
    assert first != token(certificate(frozenset({"example.com"})), "0123456789abcdef")
    others = make(Certificate, "alb-dev-https", OTHERS, names=NAMES)
    assert first != token(others, "0123456789abcdef"), "one token would give two stacks one certificate"


def test_one_that_waits_for_its_records_is_not_requested_again():
    waiting = live(certificate(issued=False))
    assert [step.title for step in ensure_certificate(certificate(), waiting)] == [
        "acm.validation_records_told",
        "route53.change_resource_record_sets",
        "acm.certificate_issued",
    ]


def test_its_records_go_with_it_as_they_were_written_unless_others_need_them():
    outputs = {"record shop.example.com": "_a", "value shop.example.com": "_b", "record example.com": "_c"}
    found = live(certificate(), **outputs)
    unused, record, delete = KIND.remove(found)
    assert isinstance(unused, Wait)
    assert isinstance(record, Call)
    (change,) = record.params["ChangeBatch"]["Changes"]
    assert change["Action"] == "DELETE"
    assert record.ignore == ("InvalidChangeBatch", "NoSuchHostedZone"), "what somebody has changed is theirs"
    assert change["ResourceRecordSet"] == {
        "Name": "_a",
        "Type": "CNAME",
        "TTL": TTL,
        "ResourceRecords": [{"Value": "_b"}],
    }
    needed = found.spec.model_copy(update={"needed_records": frozenset({"shop.example.com"})})
    assert [*KIND.remove(replace(found, spec=needed))] == [delete]


def test_one_of_the_same_names_that_no_listener_has_is_nobodys_concern(aws):
    client("acm").request_certificate(DomainName="example.com", ValidationMethod="DNS")
    assert live_of(KIND, [certificate(frozenset({"example.com"}))]) == []


def test_a_renewal_that_fails_is_a_warning():
    (words,) = KIND.warn(certificate(), live(certificate(renewal="CAA_ERROR")))
    assert words.startswith("ACM cannot renew it: CAA_ERROR.")
    assert not [*KIND.warn(certificate(), live(certificate()))]


@given(st.frozensets(HOSTS, min_size=1, max_size=12))
def test_each_name_has_one_record_and_the_first_is_the_shortest(names: frozenset[str]):
    first, *_ = order_names(names)
    assert len(first) == min(map(len, names))
    domains = domains_of(names)
    assert len(domains) == len(set(domains))
    assert all(name.removeprefix("*.") in domains for name in names)


@pytest.mark.parametrize("kind", ["certificate"])
def test_only_a_certificate_is_replaced_without_consent(kind: str):
    assert [name for name, one in KINDS.items() if one.relations.seamless] == [kind]
