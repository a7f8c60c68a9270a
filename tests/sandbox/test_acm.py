"""Certificates: pending until their records are there, in use by listeners, imported."""

from dataclasses import replace
from typing import Any

import pytest
from issued import issue_certificate, make_certificate, request_certificate, validate_certificate
from makers import client_of
from refusals.balancing import Stage, certificates

from reconciler.sandbox import CALM, REAL, install


@pytest.fixture
def acm(aws) -> Any:
    return client_of("acm")


def described(acm: Any, arn: str) -> dict[str, Any]:
    return acm.describe_certificate(CertificateArn=arn)["Certificate"]


def test_it_is_issued_once_its_records_are_there(acm):
    arn = request_certificate(
        acm, "shop.example", SubjectAlternativeNames=["*.shop.example", "www.shop.example"]
    )
    pending = described(acm, arn)
    assert pending["Status"] == "PENDING_VALIDATION"
    assert "NotAfter" not in pending
    assert pending["SubjectAlternativeNames"] == ["shop.example", "*.shop.example", "www.shop.example"]
    records = [option["ResourceRecord"] for option in pending["DomainValidationOptions"]]
    assert records[0] == records[1] != records[2]
    validate_certificate(acm, client_of("route53"), arn)
    assert described(acm, arn)["Status"] == "ISSUED"
    again = request_certificate(acm, "shop.example")  # its record is there already
    assert described(acm, again)["Status"] == "ISSUED"


def test_it_takes_time_and_its_records_are_told_late(acm, clock):
    install(REAL, clock=clock)
    arn = request_certificate(acm, "shop.example", SubjectAlternativeNames=["www.shop.example"])
    assert list_told(acm, arn) <= 1  # or it is not seen at all yet
    clock.advance(REAL.lag)
    assert list_told(acm, arn) == 1
    clock.advance(REAL.lag)
    assert list_told(acm, arn) == 2
    validate_certificate(acm, client_of("route53"), arn)
    assert described(acm, arn)["Status"] == "PENDING_VALIDATION"
    clock.advance(REAL.certificate)
    assert described(acm, arn)["Status"] == "ISSUED"


def list_told(acm: Any, arn: str) -> int:
    """Return of how many names ACM tells the record."""
    try:
        options = described(acm, arn)["DomainValidationOptions"]
    except acm.exceptions.ResourceNotFoundException:
        return 0
    return sum("ResourceRecord" in option for option in options)


def test_only_what_the_world_sees_validates(acm):
    route53, vpc = client_of("route53"), client_of("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    arn = request_certificate(acm, "a.shop.example")
    record = described(acm, arn)["DomainValidationOptions"][0]["ResourceRecord"]
    private = {"VPC": {"VPCRegion": "us-east-1", "VPCId": vpc}, "HostedZoneConfig": {"PrivateZone": True}}
    upsert(route53, make_zone(route53, "shop.example", **private), record)
    assert described(acm, arn)["Status"] == "PENDING_VALIDATION"
    above, zone = make_zone(route53, "example"), make_zone(route53, "shop.example")
    upsert(route53, zone, record)
    assert described(acm, arn)["Status"] == "PENDING_VALIDATION"  # nobody delegates to it
    servers = route53.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]
    upsert(route53, above, {"Name": "shop.example", "Type": "NS", "Value": servers[0]})
    assert described(acm, arn)["Status"] == "ISSUED"


def test_another_issuer_of_a_domain_forbids_it(acm):
    route53, arn = client_of("route53"), request_certificate(acm, "www.shop.example")
    zone = make_zone(route53, "shop.example")
    upsert(route53, zone, {"Name": "shop.example", "Type": "CAA", "Value": '0 issue "letsencrypt.org"'})
    upsert(route53, zone, described(acm, arn)["DomainValidationOptions"][0]["ResourceRecord"])
    found = described(acm, arn)
    assert (found["Status"], found["FailureReason"]) == ("FAILED", "CAA_ERROR")


def make_zone(route53: Any, name: str, **fields: Any) -> str:
    reference = f"{name} {bool(fields)}"
    return str(route53.create_hosted_zone(Name=name, CallerReference=reference, **fields)["HostedZone"]["Id"])


def upsert(route53: Any, zone: str, record: dict[str, str]) -> None:
    values = [{"Value": record["Value"]}]
    wanted = {"Name": record["Name"], "Type": record["Type"], "TTL": 60, "ResourceRecords": values}
    changes = [{"Action": "UPSERT", "ResourceRecordSet": wanted}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def test_it_is_given_up_after_three_days(acm, clock):
    arn = request_certificate(acm, "shop.example")
    by_mail = acm.request_certificate(DomainName="mail.example")["CertificateArn"]
    clock.advance(72 * 3600)
    assert described(acm, arn)["Status"] == described(acm, by_mail)["Status"] == "VALIDATION_TIMED_OUT"


def test_a_token_stands_for_one_certificate(acm):
    first = request_certificate(acm, "shop.example", IdempotencyToken="one")
    assert request_certificate(acm, "shop.example", IdempotencyToken="one") == first
    assert request_certificate(acm, "shop.example", IdempotencyToken="two") != first
    assert request_certificate(acm, "other.example", IdempotencyToken="one") != first


def test_a_token_holds_one_hour(acm, clock):
    first = request_certificate(acm, "shop.example", IdempotencyToken="one")
    clock.advance(3601)
    assert request_certificate(acm, "shop.example", IdempotencyToken="one") != first


def test_what_was_let_go_is_held_for_a_while(acm, clock):
    stage, arn = Stage(), issue_certificate(acm, client_of("route53"), "shop.example")
    listener = stage.secure(arn)
    install(replace(CALM, certificate_held=15), clock=clock)
    stage.elb.delete_listener(ListenerArn=listener)
    with pytest.raises(acm.exceptions.ResourceInUseException):
        acm.delete_certificate(CertificateArn=arn)
    clock.advance(15)
    acm.delete_certificate(CertificateArn=arn)


def test_what_uses_it_is_told_until_it_does_not(acm):
    stage, arn = Stage(), issue_certificate(acm, client_of("route53"), "shop.example")
    listener = stage.secure(arn)
    assert described(acm, arn)["InUseBy"] == [stage.alb]
    stage.elb.delete_listener(ListenerArn=listener)
    assert described(acm, arn)["InUseBy"] == []
    acm.delete_certificate(CertificateArn=arn)


def test_an_imported_one_is_imported_again_with_its_tags(acm):
    tags = [{"Key": "k", "Value": "v"}]
    arn = acm.import_certificate(**make_certificate("shop.example"), Tags=tags)["CertificateArn"]
    first = described(acm, arn)
    assert first["Status"] == "ISSUED"
    assert (
        acm.import_certificate(**make_certificate("shop.example"), CertificateArn=arn)["CertificateArn"] == arn
    )
    assert described(acm, arn)["Serial"] != first["Serial"]
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags
    assert acm.list_certificates()["CertificateSummaryList"] == []  # its key is none of RSA's
    found = acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"]
    assert [each["CertificateArn"] for each in found] == [arn]


def test_lists_have_pages(acm):
    arns = {request_certificate(acm, f"{name}.example") for name in "abc"}
    pages = acm.get_paginator("list_certificates").paginate(PaginationConfig={"PageSize": 2})
    assert {each["CertificateArn"] for page in pages for each in page["CertificateSummaryList"]} == arns


def test_a_listener_has_a_list_of_certificates_beside_its_own(acm):
    stage, arn = Stage(), acm.import_certificate(**make_certificate("shop.example"))["CertificateArn"]
    listener = stage.secure()
    for _ in range(2):
        stage.elb.add_listener_certificates(ListenerArn=listener, Certificates=certificates(arn))
    told = stage.elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    assert [each["IsDefault"] for each in told] == [True, False]
    assert len(stage.elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["Certificates"]) == 1
    assert described(acm, arn)["InUseBy"] == [stage.alb]
    stage.elb.remove_listener_certificates(ListenerArn=listener, Certificates=certificates(arn))
    assert len(stage.elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]) == 1
