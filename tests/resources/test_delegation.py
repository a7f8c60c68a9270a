"""Whether the world sees a zone is told by the nearest public zone above it, before a certificate waits."""

from typing import Any

from balancing import balancer, listener
from scripted import ScriptedAws
from support import OURS, make

from reconciler.aws.reads import open_reads
from reconciler.model.tags import NAME, STACK
from reconciler.resources.certificate import Certificate
from reconciler.resources.certificate.delegation import check_delegation
from reconciler.resources.dns_zones import ZONES

ROLE = "arn:aws:iam::210987654321:role/zone"
HOST, ZONE, NEAREST, FURTHER = "www.a.b.example.com", "a.b.example.com", "b.example.com", "example.com"
NS = {"Name": f"{ZONE}.", "Type": "NS"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a"


class Seen(ScriptedAws):
    """Notes by which role each service is asked."""

    def client(self, service: str, role: str = "", **_: Any) -> ScriptedAws:
        self.roles.add((service, role))
        return self


def told(zones: dict[str, Any], issued: str = "", *, is_private: bool = False) -> tuple[int, set[Any]]:
    """Return the number of conflicts, given the records of the zones above, and who has asked Route 53."""

    def find_zones(DNSName: str, **_: Any) -> Any:  # noqa: N803  # AWS's word
        there = [DNSName] if DNSName in zones else []
        config = {"PrivateZone": is_private and DNSName == NEAREST}
        return {"HostedZones": [{"Id": f"/hostedzone/{n}", "Name": f"{n}.", "Config": config} for n in there]}

    def find_records(HostedZoneId: str, **_: Any) -> Any:  # noqa: N803  # AWS's word
        return {"ResourceRecordSets": zones.get(HostedZoneId, ())}

    summary = {
        "CertificateArn": CERTIFICATE,
        "DomainName": issued or "x",
        "SubjectAlternativeNameSummaries": [],
    }
    tags = {STACK: OURS.name, NAME: "alb-dev-https"}
    aws = Seen(
        get_hosted_zone={"HostedZone": {"Name": f"{ZONE}."}, "DelegationSet": {"NameServers": ["ns1"]}},
        list_hosted_zones_by_name=find_zones,
        list_resource_record_sets=find_records,
        get_resources={"ResourceTagMappingList": [{"ResourceARN": CERTIFICATE, "Tags": []}] if issued else []},
        list_certificates={"CertificateSummaryList": [summary] if issued else []},
        describe_certificate={"Certificate": {"DomainName": issued, "Status": "ISSUED"}},
        list_tags_for_certificate={"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]},
        describe_regions={"Regions": []},
    )
    aws.roles = set()
    want = make(Certificate, "alb-dev-https", names=frozenset({HOST}))
    want = want.model_copy(update={"tags": {**want.tags, ZONES: f"Z1 {ROLE}"}})
    with open_reads(aws, OURS, [balancer(), listener(), want]) as reads:  # type: ignore[arg-type]
        found = [*check_delegation(reads)]
    return len(found), {role for service, role in aws.roles if service == "route53"}


def test_the_nearest_zone_above_decides_and_is_asked_by_the_role():
    assert told({NEAREST: [NS], FURTHER: []}) == (0, {ROLE})
    assert told({NEAREST: [], FURTHER: [NS]}) == (1, {ROLE})
    assert told({FURTHER: []})[0] == 1
    assert told({})[0] == 0


def test_a_private_zone_above_decides_nothing():
    assert told({NEAREST: []}, is_private=True)[0] == 0
    assert told({NEAREST: [NS], FURTHER: []}, is_private=True)[0] == 1


def test_a_certificate_that_is_issued_is_seen_and_one_for_other_hosts_is_not_yet():
    assert told({NEAREST: []}, issued=HOST) == (0, {ROLE}), "its records are read by the role as well"
    assert told({NEAREST: []}, issued=f"old.{HOST}")[0] == 1
