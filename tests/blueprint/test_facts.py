"""The facts that the blueprint depends on, as AWS answers them."""

from pathlib import Path

import pytest
from support import OURS, client, connection, make, settle

from desired_state import Platform, load
from reconciler.aws.reads import open_reads
from reconciler.blueprint.facts import Facts, read_facts
from reconciler.errors import ReadFailed
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc import Vpc

VPC = make(Vpc, "vpc-dev", cidr="10.0.0.0/16")


def platform(folder: Path, zones: int = 2) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(
        "platform: shop\nenvironment: dev\nsuffix: dev\nregion: us-east-1\nservices: {web: {}}\n"
        f"network: {{zones: {zones}}}\n"
    )
    return load(file, environ={})


def facts(of: Platform) -> Facts:
    with open_reads(connection(), OURS) as reads:
        return read_facts(reads, of)


@pytest.mark.usefixtures("aws")
class TestFacts:
    def test_an_empty_account_gives_the_first_zones_by_name(self, tmp_path):
        found = facts(platform(tmp_path))
        assert found == Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))

    def test_a_live_subnet_keeps_its_zone_and_the_others_get_the_first_free_ones(self, tmp_path):
        fields = {"vpc": VPC.ref(), "zone": "us-east-1a", "public_addresses": True}
        settle([VPC, make(Subnet, "subnet-public-2-dev", cidr="10.0.1.0/24", **fields)])
        assert facts(platform(tmp_path)).zones == ("us-east-1b", "us-east-1a")

    def test_live_subnets_need_no_list_of_zones(self, tmp_path):
        fields = {"vpc": VPC.ref(), "public_addresses": True}
        zones = {"1": "us-east-1c", "2": "us-east-1d"}
        subnets = [
            make(Subnet, f"subnet-public-{n}-dev", cidr=f"10.0.{n}.0/24", zone=zone, **fields)
            for n, zone in zones.items()
        ]
        settle([VPC, *subnets])
        assert facts(platform(tmp_path)).zones == ("us-east-1c", "us-east-1d")

    def test_a_region_with_too_few_zones_is_an_error_that_says_how_many_there_are(self, tmp_path):
        there = len(client("ec2").describe_availability_zones()["AvailabilityZones"])
        few = platform(tmp_path)
        many = few.model_copy(update={"network": few.network.model_copy(update={"zones": there + 1})})
        expected = f"us-east-1 offers {there} availability zones, network.zones asks for {there + 1}"
        with pytest.raises(ReadFailed, match=expected):
            facts(many)
