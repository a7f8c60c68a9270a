"""The certificates that a file names are read before anything is made for them."""

from typing import Any

import pytest
from balancing import balancer, group, listener, rule
from scripted import ScriptedAws, refused
from support import OURS

from reconciler.aws.reads import open_reads
from reconciler.errors import ReadFailed
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.resources import KINDS
from reconciler.resources.kind import check_all
from reconciler.resources.listener_rule.hosts import find_uncovered

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/a"
OTHER = f"{ARN}2"
FROM_IAM = "arn:aws:iam::123456789012:server-certificate/path/shop"
ISSUED = {"Status": "ISSUED", "DomainName": "shop.example", "SubjectAlternativeNames": ["*.shop.example"]}
RECORD = {"ResourceRecord": {"Name": "_x.shop.example.", "Type": "CNAME", "Value": "_y.acm.aws."}}


def check(certificate: Any, arn: str = ARN, hosts: frozenset[str] = frozenset(), **answers: Any) -> list[Any]:
    secure = listener(port=443, protocol="HTTPS", certificate=arn)
    answers |= {
        "describe_certificate": certificate
        if isinstance(certificate, Exception)
        else {"Certificate": certificate}
    }
    aws = ScriptedAws(**answers)
    with open_reads(aws, OURS, [balancer(), secure, group(), rule(hosts=hosts)]) as reads:  # type: ignore[arg-type]
        return list(check_all(reads, KINDS))


def test_an_issued_certificate_is_all_right():
    assert check(ISSUED) == []


def test_a_platform_without_certificates_asks_nothing():
    aws = ScriptedAws()
    with open_reads(aws, OURS, [balancer(), listener(), rule()]) as reads:  # type: ignore[arg-type]
        assert check_all(reads, KINDS) == ()
    assert not aws.asked


@pytest.mark.parametrize(
    ("certificate", "why", "remedy"),
    [
        (refused("ResourceNotFoundException"), "does not exist", "aws acm list-certificates"),
        (refused("ValidationException"), "does not exist", "check its ARN"),
        ({"Status": "EXPIRED"}, "is EXPIRED", "renew"),
        ({"Status": "FAILED", "FailureReason": "CAA_ERROR"}, "is FAILED (CAA_ERROR)", "another"),
        ({"Status": "PENDING_VALIDATION"}, "is PENDING_VALIDATION", "validate it"),
        (
            {"Status": "PENDING_VALIDATION", "DomainValidationOptions": [RECORD, RECORD, {}]},
            "is PENDING_VALIDATION",
            "make these DNS records, wait until ACM has issued it, and run again: _x.shop.example. CNAME _y.acm.aws.",
        ),
    ],
)
def test_what_a_load_balancer_would_not_take_is_a_conflict(certificate: Any, why: str, remedy: str):
    (found,) = check(certificate)
    assert isinstance(found, Conflict)
    assert str(found.address) == "listener.alb-dev-http"
    assert found.why == f"its certificate {ARN} {why}"
    assert remedy in found.remedy


def test_one_of_another_region_is_named_without_a_question():
    (found,) = check(AssertionError("asked"), ARN.replace("us-east-1", "eu-west-1"))
    assert "is in eu-west-1, and the load balancer in us-east-1" in found.why


def test_what_a_listener_uses_already_goes_on_with_a_warning():
    balancers = {"LoadBalancers": [{"LoadBalancerArn": "arn:lb", "LoadBalancerName": "alb-dev"}]}
    listeners = {"Listeners": [{"ListenerArn": "arn:l", "Certificates": [{"CertificateArn": ARN}]}]}
    (found,) = check({"Status": "EXPIRED"}, describe_load_balancers=balancers, describe_listeners=listeners)
    assert isinstance(found, PlanWarning)
    assert "is EXPIRED" in found.why


def test_a_read_that_is_denied_stops_the_run():
    with pytest.raises(ReadFailed, match="describe_certificate"):
        check(refused("AccessDeniedException"))


def test_certificates_of_iam_are_taken_too():
    there = {"ServerCertificate": {"ServerCertificateMetadata": {"Arn": FROM_IAM}}}
    assert check({}, FROM_IAM, get_server_certificate=there) == []
    (found,) = check({}, FROM_IAM.replace("/path", ""), get_server_certificate=there)
    assert "does not exist" in found.why
    (found,) = check({}, FROM_IAM, get_server_certificate=refused("NoSuchEntity"))
    assert found.remedy == "aws iam list-server-certificates shows all"


@pytest.mark.parametrize("arn", ["arn:old", "certificate", "arn:aws:s3:::bucket"])
def test_what_is_no_certificate_does_not_exist(arn: str):
    (found,) = check(AssertionError("asked"), arn)
    assert "does not exist" in found.why


@pytest.mark.parametrize(
    ("host", "is_covered"),
    [
        ("shop.example", True),
        ("Shop.Example", True),
        ("www.shop.example", True),
        ("*.shop.example", True),
        ("api-*.shop.example", True),
        ("a.b.shop.example", False),
        ("*.a.shop.example", False),
        ("shop.test", False),
        ("*", False),
    ],
)
def test_a_certificate_is_for_its_names_and_one_label_of_a_wildcard(host: str, is_covered: bool):
    assert find_uncovered(ISSUED, [host]) == ([] if is_covered else [host])


def test_further_certificates_are_looked_at_too_and_cover_hosts_of_their_own():
    def answer(**params: Any) -> Any:
        other = {"Status": "ISSUED", "DomainName": "shop.test", "SubjectAlternativeNames": []}
        return {"Certificate": other if params["CertificateArn"] == OTHER else ISSUED}

    def found(*hosts: str) -> list[Any]:
        secure = listener(port=443, protocol="HTTPS", certificate=ARN, certificates=frozenset({OTHER}))
        aws = ScriptedAws(describe_certificate=answer)
        specs = [balancer(), secure, group(), rule(hosts=frozenset(hosts))]
        with open_reads(aws, OURS, specs) as reads:  # type: ignore[arg-type]
            return list(check_all(reads, KINDS))

    assert found("shop.test", "www.shop.example") == []
    (warning,) = found("shop.test", "elsewhere.test")
    assert warning.why == f"the certificates {ARN}, {OTHER} are not for elsewhere.test: browsers will refuse it"


def test_hosts_that_the_certificate_is_not_for_are_a_warning_of_the_rule():
    (found,) = check(ISSUED, hosts=frozenset({"shop.test", "www.shop.example"}))
    assert isinstance(found, PlanWarning)
    assert str(found.address).startswith("listener_rule.")
    assert found.why == f"the certificate {ARN} is not for shop.test: browsers will refuse it"


def test_the_names_of_a_certificate_of_iam_are_not_known():
    there = {"ServerCertificate": {"ServerCertificateMetadata": {"Arn": FROM_IAM}}}
    assert check({}, FROM_IAM, frozenset({"shop.test"}), get_server_certificate=there) == []
