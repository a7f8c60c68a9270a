"""What public zones and ACM hold."""

from collections.abc import Iterator

from crash.pages import Client, Resource, read_pages

TOLD = ("SubjectAlternativeNames", "Status", "ValidationMethod", "FailureReason")


def list_names(client: Client) -> Iterator[Resource]:
    """List the public zones and their records, and the certificates with their tags."""
    route53, acm = client("route53"), client("acm")
    for zone in read_pages(route53, "list_hosted_zones", "HostedZones"):
        if not zone["Config"]["PrivateZone"]:
            yield "hosted zone", {"Id": zone["Id"].rpartition("/")[2], "Name": zone["Name"]}
            records = read_pages(
                route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
            )
            yield from (("record", record) for record in records if record["Type"] not in ("NS", "SOA"))
    for one in read_pages(acm, "list_certificates", "CertificateSummaryList"):
        asked = {"CertificateArn": one["CertificateArn"]}
        told = acm.describe_certificate(**asked)["Certificate"]
        raw = {name: told[name] for name in TOLD if name in told} | {"users": len(told["InUseBy"])}
        yield "certificate", raw | {"tags": acm.list_tags_for_certificate(**asked)["Tags"]}
