"""The zone of the file is read before any write: what is not there, or cannot have the records, is told."""

from pathlib import Path
from typing import Any

import pytest
from support import client, connection
from toys import Time
from whole import applied, planned

from desired_state import LoadError, load
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.resources.dns_record import KIND, DnsRecord

pytestmark = pytest.mark.usefixtures("aws")
FILE = """platform: shop
environment: dev
suffix: dev
region: us-east-1
dns: {zone: ZONE}
services:
  web: {routes: [{priority: 1, hosts: [shop.example.com]}]}
"""


def make_zone(name: str = "example.com", **fields: Any) -> str:
    reference = f"{name}{len(client('route53').list_hosted_zones()['HostedZones'])}"
    made = client("route53").create_hosted_zone(Name=name, CallerReference=reference, **fields)
    return str(made["HostedZone"]["Id"].rpartition("/")[2])


def make_private_zone(name: str = "example.com") -> str:
    vpc = client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    where = {"VPC": {"VPCId": vpc, "VPCRegion": "us-east-1"}, "HostedZoneConfig": {"PrivateZone": True}}
    return make_zone(name, **where)


def shop(folder: Path, zone: str = "example.com") -> Any:
    (folder / "platform.yaml").write_text(FILE.replace("ZONE", zone))
    return load(folder / "platform.yaml", environ={})


def told(folder: Path, zone: str = "example.com") -> str:
    with pytest.raises(LoadError) as failed:
        planned(shop(folder, zone))
    return str(failed.value)


def records_of(todo: Any) -> list[DnsRecord]:
    return [change.want for change in todo.changes if isinstance(change.want, DnsRecord)]


def test_a_zone_is_found_by_its_name_or_its_id(tmp_path):
    own_id = make_zone()
    make_zone("shop.example.com")
    for zone in ("example.com", own_id):
        assert [record.zone for record in records_of(planned(shop(tmp_path, zone)))] == [own_id]


@pytest.mark.parametrize("zone", ["example.com", "Z0123456789"])
def test_a_zone_that_is_not_there_is_told(tmp_path, zone):
    make_zone("example.org")
    assert f"5:7: dns.zone: there is no hosted zone {zone} in this account" in told(tmp_path, zone)


def test_of_several_zones_of_a_name_the_id_is_asked_for(tmp_path):
    public, private = make_zone(), make_private_zone()
    message = told(tmp_path)
    assert "this account has several zones example.com: write the id of one, " in message
    assert f"{public} (public)" in message
    assert f"{private} (private)" in message
    assert [record.zone for record in records_of(planned(shop(tmp_path, private)))] == [private]


def test_a_private_zone_that_is_not_seen_in_the_vpc_is_warned_of(tmp_path):
    private = make_private_zone()
    platform = shop(tmp_path, private)
    applied(platform, clock=Time().clock)
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(connection(), stack) as first:
        specs = tuple(blueprint(platform, facts.read_facts(first, platform)))
        (warning,) = KIND.check(first.for_specs(specs))
    assert f"the private zone {private} is seen in vpc-" in warning.why


def test_a_host_outside_of_a_zone_that_is_given_by_its_id_is_told_with_its_line(tmp_path):
    message = told(tmp_path, make_zone("example.org"))
    assert "platform.yaml:7:40: " in message
    assert "shop.example.com is not in the zone example.org" in message


def test_a_host_that_the_zone_delegates_elsewhere_is_told_with_its_line(tmp_path):
    servers = [{"Value": "ns-1.example.net"}]
    record = {"Name": "shop.example.com", "Type": "NS", "TTL": 60, "ResourceRecords": servers}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    client("route53").change_resource_record_sets(HostedZoneId=make_zone(), ChangeBatch=batch)
    assert "shop.example.com is not answered by the zone example.com, which delegates shop.example.com" in told(
        tmp_path
    )


def test_a_zone_of_cloud_map_is_not_for_hosts(tmp_path):
    vpc = client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    client("servicediscovery").create_private_dns_namespace(Name="example.com", Vpc=vpc)
    assert "is of servicediscovery.amazonaws.com, which alone can make records in it" in told(tmp_path)
