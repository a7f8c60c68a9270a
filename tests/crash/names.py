"""A public zone of others, in which a platform has its names, and what such zones and ACM hold."""

from collections.abc import Iterator

from support import client

from crash.pages import Client, Resource, read_pages

ZONE = "example.com"
TOLD = ("SubjectAlternativeNames", "Status", "ValidationMethod", "FailureReason")


def make_zone() -> None:
    client("route53").create_hosted_zone(Name=ZONE, CallerReference=ZONE)


def list_names(client: Client) -> Iterator[Resource]:
    """List the records of public zones, and the certificates with their tags."""
    route53, acm = client("route53"), client("acm")
    for zone in read_pages(route53, "list_hosted_zones", "HostedZones"):
        if not zone["Config"]["PrivateZone"]:
            records = read_pages(
                route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
            )
            yield from (("record", record) for record in records if record["Type"] not in ("NS", "SOA"))
    for one in read_pages(acm, "list_certificates", "CertificateSummaryList"):
        asked = {"CertificateArn": one["CertificateArn"]}
        told = acm.describe_certificate(**asked)["Certificate"]
        raw = {name: told[name] for name in TOLD if name in told} | {"users": len(told["InUseBy"])}
        yield "certificate", raw | {"tags": acm.list_tags_for_certificate(**asked)["Tags"]}
