"""Ways out of a network whose AWS takes its time: what goes away late, and what others use of ours."""

from dataclasses import replace
from pathlib import Path

import pytest
from crash.cloud import cloud, run
from support import client
from whole import in_network

from desired_state import Platform
from reconciler.sandbox import CALM

SLOW = replace(CALM, nat_gateway=600)  # seconds until one is made, and until one is gone


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return in_network(tmp_path, "{subnets: {public: {}, private: {prefix: 20}}, nat: one}")


def gateways(state: str) -> list[str]:
    asked = [{"Name": "state", "Values": [state]}]
    found = client("ec2").describe_nat_gateways(Filters=asked)["NatGateways"]
    return [gateway["NatGatewayId"] for gateway in found]


def list_addresses() -> list[str]:
    return [address["AllocationId"] for address in client("ec2").describe_addresses()["Addresses"]]


def test_an_address_is_waited_for_until_the_gateway_that_was_deleted_by_hand_has_let_go_of_it(platform):
    with cloud(SLOW) as clock:
        assert run(platform, clock).clean
        before = list_addresses()
        (old,) = gateways("available")
        client("ec2").delete_nat_gateway(NatGatewayId=old)
        assert run(platform, clock).clean
        assert gateways("deleted") == [old]
        assert list_addresses() == before


def test_what_a_killed_destroy_left_in_the_middle_of_its_end_is_deleted_by_the_next(platform):
    with cloud(SLOW) as clock:
        assert run(platform, clock).clean
        client("ec2").delete_nat_gateway(NatGatewayId=gateways("available")[0])
        assert run(platform, clock, destroy=True).clean
        assert not list_addresses()
