"""HTTPS with names: certificates that are requested, validated, held, replaced and deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from crash.cloud import cloud, run
from crash.scenarios import BRISK, SETTLED, describe_failure
from crash.strategies import load_platform
from support import SMALL, client, connection
from yaml import safe_load

from desired_state import Platform
from desired_state.mistakes import LoadError
from reconciler.plan.safety import Consent, objections
from reconciler.render.plan_text import plan_text
from reconciler.resources import KINDS
from reconciler.sandbox import Clock
from reconciler.sandbox.acm import public_dns

ZONE, LISTENER = "example.com", "alb-crash-https"


def platform(*hosts: str, certificate: Any = "auto", **file: Any) -> Platform:
    """Return a platform with a service that HTTPS reaches by these names, and HTTP sends there."""
    listeners = {"https": {"port": 443, "certificate": certificate}, "http": {"port": 80, "redirect": "https"}}
    routes = [{"priority": number, "hosts": [host]} for number, host in enumerate(hosts, 1)]
    wanted = {
        "environment": "crash",
        "dns": {"zone": ZONE},
        "load_balancer": {"listeners": listeners},
        "services": {"web": {"routes": routes}},
    }
    return load_platform(safe_load(SMALL) | wanted | file)


def make_zone(name: str = ZONE, **fields: Any) -> str:
    made = client("route53").create_hosted_zone(Name=name, CallerReference=f"{name} {fields}", **fields)
    return str(made["HostedZone"]["Id"])


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Return the clock of an AWS that has a zone."""
    with cloud(BRISK) as clock:
        yield clock


@contextmanager
def unseen_zones() -> Iterator[None]:
    """Let the world see none of the zones."""
    with patch.object(public_dns, "_public_zones", lambda _partition: ()):
        yield


def upsert_validation(arn: str) -> None:
    """Make the records of a certificate that a person has requested."""
    zone = next(z for z in client("route53").list_hosted_zones()["HostedZones"] if z["Name"] == f"{ZONE}.")
    for option in client("acm").describe_certificate(CertificateArn=arn)["Certificate"][
        "DomainValidationOptions"
    ]:
        record = option["ResourceRecord"]
        wanted = {"Name": record["Name"], "Type": record["Type"], "TTL": 60}
        wanted["ResourceRecords"] = [{"Value": record["Value"]}]
        changes = [{"Action": "UPSERT", "ResourceRecordSet": wanted}]
        client("route53").change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})


def change_validation_record(action: str, value: str | None = None) -> None:
    """Delete the first validation record of the zone, or give it another value."""
    zone = next(z for z in client("route53").list_hosted_zones()["HostedZones"] if z["Name"] == f"{ZONE}.")
    found = client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    record = next(record for record in found if record["Type"] == "CNAME")
    changed = record | ({"ResourceRecords": [{"Value": value}]} if value else {})
    changes = [{"Action": action, "ResourceRecordSet": changed}]
    client("route53").change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})


def certificates() -> list[Any]:
    arns = [c["CertificateArn"] for c in client("acm").list_certificates()["CertificateSummaryList"]]
    return [client("acm").describe_certificate(CertificateArn=arn)["Certificate"] for arn in arns]


def validation_records() -> list[str]:
    zone = next(z for z in client("route53").list_hosted_zones()["HostedZones"] if z["Name"] == f"{ZONE}.")
    found = client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    return [record["Name"] for record in found if record["Type"] == "CNAME"]


def apply_wholly(wanted: Platform, clock: Clock) -> None:
    """Apply, and see that nothing is left to do."""
    ended = run(wanted, clock)
    assert not describe_failure(ended)
    clock.advance(SETTLED)
    assert [change.key for change in run(wanted, clock).todo.changes] == []


def test_a_certificate_is_requested_validated_and_given_to_its_listener(clock: Clock):
    apply_wholly(platform("shop.example.com", "*.shop.example.com"), clock)
    (made,) = certificates()
    assert made["Status"] == "ISSUED"
    assert made["SubjectAlternativeNames"] == ["shop.example.com", "*.shop.example.com"]
    assert len(validation_records()) == 1
    balancers = client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert made["InUseBy"] == [balancers[0]["LoadBalancerArn"]]


def test_it_is_replaced_when_hosts_change_and_what_nobody_needs_is_deleted(clock: Clock):
    apply_wholly(platform("shop.example.com", "old.example.com"), clock)
    apply_wholly(platform("shop.example.com", "new.example.com"), clock)
    (made,) = certificates()
    assert made["SubjectAlternativeNames"] == ["new.example.com", "shop.example.com"]
    assert sorted(name.partition(".")[2] for name in validation_records()) == [
        "new.example.com.",
        "shop.example.com.",
    ]


@pytest.mark.parametrize(("action", "value"), [("DELETE", None), ("UPSERT", "other.example.com")])
def test_a_record_that_its_renewal_needs_is_put_back(clock: Clock, action: str, value: str | None):
    wanted = platform("shop.example.com")
    apply_wholly(wanted, clock)
    (made,) = certificates()
    change_validation_record(action, value)
    ended = run(wanted, clock)
    (change,) = ended.todo.changes
    assert [field.field for field in change.fields] == ["has_validation_records"]
    assert [step.title for step in change.steps] == ["route53.change_resource_record_sets"]
    assert len(validation_records()) == 1
    assert certificates() == [made]
    assert not run(wanted, clock).todo.changes


def test_another_zone_gets_the_records_too(clock: Clock):
    apply_wholly(platform("www.shop.example.com"), clock)
    own_id = make_zone("shop.example.com").rpartition("/")[2]
    ended = run(platform("www.shop.example.com", dns={"zone": own_id}), clock)
    assert "has_validation_records" in {field.field for change in ended.todo.changes for field in change.fields}


def test_the_plan_says_what_a_certificate_is_for_and_asks_for_no_consent_to_another_one(clock: Clock):
    first = run(platform("shop.example.com", "old.example.com"), clock).todo
    waits = "waits until ACM has issued it, half an hour at most"
    assert f"+ certificate.{LISTENER}   for old.example.com, shop.example.com; {waits}\n" in plan_text(first)
    then = run(platform("shop.example.com", "new.example.com"), clock).todo
    assert "(new one first); needs no consent\n" in plan_text(then)
    assert "--allow-replace" not in plan_text(then)
    assert not objections(KINDS, then, Consent(yes=True), asks=False)


def test_tags_of_the_file_are_given_to_the_certificate_that_is_there(clock: Clock):
    apply_wholly(platform("shop.example.com"), clock)
    (first,) = certificates()
    apply_wholly(platform("shop.example.com", tags={"team": "shop"}), clock)
    (second,) = certificates()
    assert second["CertificateArn"] == first["CertificateArn"]
    told = client("acm").list_tags_for_certificate(CertificateArn=second["CertificateArn"])["Tags"]
    assert {"Key": "team", "Value": "shop"} in told


def test_a_destroy_leaves_neither_certificate_nor_record(clock: Clock):
    wanted = platform("shop.example.com")
    apply_wholly(wanted, clock)
    assert not describe_failure(run(wanted, clock, destroy=True))
    assert not certificates()
    assert not validation_records()


def test_one_that_is_not_validated_is_held_with_the_record_that_is_missing(clock: Clock):
    """The domain's registrar names the servers of another zone, which is not seen here."""
    with unseen_zones():
        held = run(platform("shop.example.com"), clock)
        assert not held.outcome.failed
        (why,) = {held.outcome.held[key].why for key in held.outcome.held if key.startswith("certificate.")}
        (pending,) = certificates()
        (option,) = pending["DomainValidationOptions"]
        assert " ".join(option["ResourceRecord"][key] for key in ("Name", "Type", "Value")) in why
        assert "name servers of the zone" in held.outcome.held[f"certificate.{LISTENER}"].remedy
    apply_wholly(platform("shop.example.com"), clock)
    (issued,) = certificates()
    assert issued["CertificateArn"] == pending["CertificateArn"]


def test_one_that_timed_out_is_requested_anew(clock: Clock):
    wanted = platform("shop.example.com")
    with unseen_zones():
        run(wanted, clock)
        clock.advance(72 * 3600)
        (first,) = certificates()
        assert first["Status"] == "VALIDATION_TIMED_OUT"
    apply_wholly(wanted, clock)
    (second,) = certificates()
    assert second["CertificateArn"] != first["CertificateArn"]


def test_a_private_zone_is_a_mistake_of_the_file(clock: Clock):
    vpc = client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    own_id = make_zone(VPC={"VPCRegion": "us-east-1", "VPCId": vpc}, HostedZoneConfig={"PrivateZone": True})
    with pytest.raises(LoadError, match=r"certificate: the zone example.com is private"):
        run(platform("shop.example.com", dns={"zone": own_id.rpartition("/")[2]}), clock)


def test_a_zone_that_the_one_above_does_not_delegate_is_a_conflict(clock: Clock):
    make_zone("shop.example.com")
    wanted = platform("www.shop.example.com", dns={"zone": "shop.example.com"})
    (conflict,) = run(wanted, clock).todo.conflicts
    assert "its zone shop.example.com is not delegated by example.com" in conflict.why
    assert "shop.example.com NS ns" in conflict.remedy


def test_a_record_that_another_region_needs_stays(clock: Clock):
    wanted = platform("shop.example.com")
    apply_wholly(wanted, clock)
    elsewhere = connection().client("acm", region="eu-west-1")
    elsewhere.request_certificate(DomainName="*.shop.example.com", ValidationMethod="DNS")
    clock.advance(SETTLED)
    assert not describe_failure(run(wanted, clock, destroy=True))
    assert len(validation_records()) == 1


def test_one_that_lost_its_tags_is_not_made_again(clock: Clock):
    wanted = platform("shop.example.com")
    apply_wholly(wanted, clock)
    (made,) = certificates()
    acm, arn = client("acm"), made["CertificateArn"]
    acm.remove_tags_from_certificate(
        CertificateArn=arn, Tags=acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]
    )
    (conflict,) = run(wanted, clock).todo.conflicts
    assert f"aws acm add-tags-to-certificate --certificate-arn {arn}" in conflict.remedy
