"""Zones and records: names as Route 53 keeps them, batches that are all or nothing, changes that take time."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of, code_of, make_alb, make_network

from reconciler.sandbox import REAL, install

SITE = {"Name": "*.Shop.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}


@pytest.fixture
def route53(aws) -> Any:
    return client_of("route53")


@pytest.fixture
def zone(route53) -> str:
    return route53.create_hosted_zone(Name="Example.com", CallerReference="1")["HostedZone"]["Id"]


def change(zone: str, *changes: tuple[str, dict[str, Any]]) -> Any:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    answer = client_of("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    return answer["ChangeInfo"]


def refused(zone: str, *changes: tuple[str, dict[str, Any]]) -> str:
    with pytest.raises(ClientError) as error:
        change(zone, *changes)
    return f"{code_of(error)}: {error.value.response['Error']['Message']}"


def records(zone: str) -> list[dict[str, Any]]:
    found = client_of("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [record for record in found if record["Type"] not in ("NS", "SOA")]


def alias(target: str, place: str, kind: str = "A") -> dict[str, Any]:
    where = {"HostedZoneId": place, "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": "shop.example.com", "Type": kind, "AliasTarget": where}


def test_names_are_kept_in_lower_case_with_a_final_dot_and_a_wildcard_in_octal(zone):
    change(zone, ("CREATE", SITE))
    assert records(zone) == [{**SITE, "Name": r"\052.shop.example.com."}]
    assert zone.startswith("/hostedzone/Z")


def test_a_record_is_made_once_and_deleted_only_as_it_is(zone):
    change(zone, ("CREATE", SITE))
    assert "it already exists]" in refused(zone, ("CREATE", SITE))
    assert "do not match the current values]" in refused(zone, ("DELETE", {**SITE, "TTL": 61}))
    assert "it was not found]" in refused(zone, ("DELETE", {**SITE, "Type": "AAAA"}))
    change(zone, ("DELETE", SITE), ("CREATE", {**SITE, "TTL": 61}))
    assert [record["TTL"] for record in records(zone)] == [61]


def test_a_batch_is_all_or_nothing(zone):
    outside = {**SITE, "Name": "shop.example.org"}
    assert "is not permitted in zone example.com.]" in refused(zone, ("CREATE", SITE), ("CREATE", outside))
    assert records(zone) == []


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({**SITE, "Type": "TXT"}, "enclosed in quotation marks"),
        ({**SITE, "Type": "TXT", "ResourceRecords": [{"Value": f'"{"x" * 256}"'}]}, "CharacterStringTooLong"),
        ({**SITE, "ResourceRecords": [{"Value": "shop"}]}, "not a valid IPv4 address"),
        ({**SITE, "Type": "AAAA"}, "not a valid IPv6 address"),
        ({**SITE, "Name": "example.com", "Type": "CNAME"}, "not permitted at apex"),
        ({**alias("x.elb.amazonaws.com", "Z35SXDOTRQ7X7K"), "TTL": 60}, "InvalidInput: Invalid request"),
        (alias("x.elb.amazonaws.com", "Z35SXDOTRQ7X7K"), "but that target was not found"),
    ],
)
def test_values_have_the_form_of_their_type(zone, record, told):
    assert told in refused(zone, ("CREATE", record))


def test_a_cname_has_its_name_alone(zone):
    change(zone, ("CREATE", SITE))
    name = {**SITE, "Type": "CNAME", "ResourceRecords": [{"Value": "example.org"}]}
    assert "conflicts with other records" in refused(zone, ("UPSERT", name))
    change(zone, ("DELETE", SITE), ("CREATE", name))
    assert "conflicting RRSet of type CNAME" in refused(zone, ("CREATE", SITE))


def test_an_alias_leads_to_a_load_balancer_in_its_own_zone(zone):
    elb = client_of("elbv2")
    arn = make_alb(elb, make_network(client_of("ec2"), "10.0"))
    (balancer,) = elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    name, place = balancer["DNSName"], balancer["CanonicalHostedZoneId"]
    assert "does not lie within the target zone" in refused(zone, ("CREATE", alias(name, "Z26RNL4JYFTOTI")))
    change(zone, ("CREATE", alias(f"dualstack.{name}".upper(), place)))
    (record,) = records(zone)
    assert record["AliasTarget"]["DNSName"] == f"dualstack.{name.lower()}."


def test_a_change_is_in_sync_after_a_while(zone, clock):
    install(REAL, clock=clock)
    made, ask = change(zone, ("CREATE", SITE)), client_of("route53").get_change
    assert made["Status"] == ask(Id=made["Id"])["ChangeInfo"]["Status"] == "PENDING"
    assert len(records(zone)) == 1
    clock.advance(REAL.dns_change)
    assert ask(Id=made["Id"].rpartition("/")[2])["ChangeInfo"]["Status"] == "INSYNC"
    with pytest.raises(ClientError, match="NoSuchChange"):
        ask(Id="C0123456789")


def test_a_zone_takes_one_change_at_a_time(zone, clock):
    install(REAL, clock=clock)
    change(zone, ("CREATE", SITE))
    assert refused(zone, ("DELETE", SITE)).startswith("PriorRequestNotComplete")
    clock.advance(REAL.zone_busy)
    change(zone, ("DELETE", SITE))


def test_zones_are_listed_from_a_name_on_and_on_to_others(zone, route53):
    for number, name in enumerate(("example.com", "example.org", "shop.example.com"), 2):
        route53.create_hosted_zone(Name=name, CallerReference=str(number))
    found = route53.list_hosted_zones_by_name(DNSName="example.com", MaxItems="3")
    assert [one["Name"] for one in found["HostedZones"]] == [
        "example.com.",
        "example.com.",
        "shop.example.com.",
    ]
    assert (found["IsTruncated"], found["NextDNSName"]) == (True, "example.org.")


def test_a_caller_reference_makes_one_zone(zone, route53):
    with pytest.raises(ClientError, match="HostedZoneAlreadyExists"):
        route53.create_hosted_zone(Name="example.com", CallerReference="1")


def test_a_private_zone_has_a_vpc_that_is_there(route53):
    config = {"Name": "example.com", "HostedZoneConfig": {"PrivateZone": True}}
    with pytest.raises(ClientError, match="InvalidInput"):
        route53.create_hosted_zone(**config, CallerReference="1")
    absent = {"VPCId": "vpc-0123456789abcdef0", "VPCRegion": "us-east-1"}
    with pytest.raises(ClientError, match="InvalidVPCId"):
        route53.create_hosted_zone(**config, CallerReference="1", VPC=absent)
    vpc = {"VPCId": make_network(client_of("ec2"), "10.0").vpc, "VPCRegion": "us-east-1"}
    made = route53.create_hosted_zone(**config, CallerReference="1", VPC=vpc)["HostedZone"]
    assert route53.get_hosted_zone(Id=made["Id"])["VPCs"] == [vpc]
    with pytest.raises(ClientError, match="VPCAssociationNotFound"):
        route53.disassociate_vpc_from_hosted_zone(HostedZoneId=made["Id"], VPC=absent)


def test_records_of_a_namespace_are_of_cloud_map_alone(route53):
    vpc = make_network(client_of("ec2"), "10.0").vpc
    client_of("servicediscovery").create_private_dns_namespace(Name="example.com", Vpc=vpc)
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    assert zone["LinkedService"]["ServicePrincipal"] == "servicediscovery.amazonaws.com"
    assert refused(zone["Id"], ("CREATE", SITE)).startswith("AccessDenied")
