"""The facts that the blueprint depends on, as AWS answers them."""

from pathlib import Path
from typing import Any

import pytest
from support import OURS, client, connection, make, settle

from desired_state import LoadError, Platform, load
from reconciler.aws.reads import open_reads
from reconciler.blueprint.facts import Facts, read_facts
from reconciler.blueprint.zones import Zone
from reconciler.errors import ReadFailed, RunRefused
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc import Vpc

VPC = make(Vpc, "vpc-dev", cidr="10.0.0.0/16")


def platform(folder: Path, zones: int | str = 2, cidr: str = "10.0.0.0/16") -> Platform:
    file = folder / "platform.yaml"
    file.write_text(
        "platform: shop\nenvironment: dev\nsuffix: dev\nregion: us-east-1\nservices: {web: {}}\n"
        f"network: {{zones: {zones}, cidr: {cidr}}}\n"
    )
    return load(file, environ={})


def facts(of: Platform, **options: Any) -> Facts:
    with open_reads(connection(), OURS) as reads:
        return read_facts(reads, of, **options)


@pytest.mark.usefixtures("aws")
class TestFacts:
    def test_an_empty_account_gives_the_first_zones_by_name(self, tmp_path):
        found = facts(platform(tmp_path))
        assert found == Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"), (1, 2), {})

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


def with_live(**zones: str) -> None:
    """Make subnets of ours: with_live(_1="a") is subnet-public-1-dev in us-east-1a."""
    fields = {"vpc": VPC.ref(), "public_addresses": True}
    subnets = [
        make(
            Subnet,
            f"subnet-public{n}-dev".replace("_", "-"),
            cidr=f"10.0.{n[1:]}.0/24",
            zone=f"us-east-1{z}",
            **fields,
        )
        for n, z in zones.items()
    ]
    settle([VPC, *subnets])


def placed(of: Platform) -> dict[int, str]:
    return {number: zone.removeprefix("us-east-1") for number, zone in facts(of).subnets}


@pytest.mark.usefixtures("aws")
class TestNamedZones:
    def test_names_and_ids_are_taken_as_they_are_listed(self, tmp_path):
        assert placed(platform(tmp_path, "[us-east-1c, use1-az6]")) == {1: "c", 2: "a"}

    def test_the_order_is_nothing_to_a_live_subnet(self, tmp_path):
        with_live(_1="a", _2="c")
        assert placed(platform(tmp_path, "[us-east-1c, us-east-1a]")) == {1: "a", 2: "c"}

    def test_a_new_zone_gets_a_range_beside_those_that_are_in_use(self, tmp_path):
        with_live(_1="a", _2="b")
        assert placed(platform(tmp_path, "[us-east-1b, us-east-1d]")) == {2: "b", 3: "d"}

    def test_a_number_of_zones_keeps_the_subnets_that_names_have_made(self, tmp_path):
        with_live(_2="b", _3="d")
        assert placed(platform(tmp_path)) == {2: "b", 3: "d"}
        assert placed(platform(tmp_path, 3)) == {1: "a", 2: "b", 3: "d"}

    @pytest.mark.parametrize(
        ("zones", "why"),
        [
            ("[us-east-1a, us-east-1z]", "us-east-1z is not a zone of us-east-1 in this account"),
            ("[use1-az1, euw1-az1]", "euw1-az1 is not a zone of us-east-1 in this account"),
            ("[us-east-1a, use1-az6]", "us-east-1a and use1-az6 are the same zone"),
        ],
    )
    def test_what_is_no_zone_here_is_told_with_its_line_and_the_zones_that_there_are(
        self, tmp_path, zones, why
    ):
        with pytest.raises(LoadError) as refused:
            facts(platform(tmp_path, zones))
        told = str(refused.value)
        assert told.startswith(
            f"{tmp_path}/platform.yaml:6:11: network.zones: {why}; available are us-east-1a (use1"
        )

    def test_a_zone_that_cannot_take_anything_new_is_refused_unless_a_subnet_is_there(
        self, tmp_path, monkeypatch
    ):
        few = [Zone("us-east-1a", "use1-az6", "available"), Zone("us-east-1b", "use1-az1", "impaired")]
        monkeypatch.setattr("reconciler.blueprint.zones._list_zones", lambda _reads: few)
        asked = platform(tmp_path, "[us-east-1a, us-east-1b]")
        with pytest.raises(LoadError, match="us-east-1b is impaired now"):
            facts(asked)
        with_live(_1="a", _2="b")
        assert placed(asked) == {1: "a", 2: "b"}

    def test_leaving_all_zones_at_once_is_refused_with_the_way_to_do_it(self, tmp_path):
        with_live(_1="a", _2="b")
        with pytest.raises(LoadError, match=r"apply \[us-east-1a, us-east-1b, us-east-1c, us-east-1d\] first"):
            facts(platform(tmp_path, "[us-east-1c, us-east-1d]"))

    def test_a_vpc_without_room_for_another_range_is_told(self, tmp_path):
        with_live(_1="a", _2="b")
        with pytest.raises(LoadError, match=r"10.0.0.0/23 has no room for a subnet of /24 in us-east-1c"):
            facts(platform(tmp_path, "[us-east-1b, us-east-1c]", cidr="10.0.0.0/23"))

    @pytest.mark.parametrize("zones", ["[us-east-1y, us-east-1z]", "[us-east-1c, us-east-1d]", "2"])
    def test_where_no_zones_are_needed_they_are_where_our_subnets_are(self, tmp_path, zones):
        with_live(_1="a", _3="b")
        found = facts(platform(tmp_path, zones), zones_needed=False)
        assert found.subnets == ((1, "us-east-1a"), (3, "us-east-1b"))
        small = facts(platform(tmp_path, zones, cidr="10.0.0.0/23"), zones_needed=False)
        assert small.subnets == ((1, "us-east-1a"),)

    def test_another_account_is_told_before_zones_that_it_has_not(self, tmp_path):
        with pytest.raises(
            RunRefused, match="the file is for account 222222222222, but these credentials belong"
        ):
            facts(platform(tmp_path, "[us-east-1y, us-east-1z]"), account="222222222222")
