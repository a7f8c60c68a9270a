"""Any network that a file may ask for, in an account in which others have one too."""

from typing import Any

from crash.cloud import cloud, run
from crash.existing import make_network
from crash.inventory import compare, take_inventory
from crash.networks import in_network, networks
from crash.strategies import load_platform
from hypothesis import Phase, example, given, settings
from support import client

from reconciler.sandbox import CALM

BY_HAND = {
    "subnets": {
        "public": {"ranges": ["10.0.9.0/24", "10.0.7.0/26"]},
        "private": {"ranges": ["10.0.200.0/22", "10.0.0.0/24"]},
    },
    "nat": "per_zone",
}


@settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
@example(BY_HAND)
@given(networks())
def test_any_network_is_made_needs_nothing_more_and_is_destroyed_without_a_trace(network: dict[str, Any]):
    platform = load_platform(in_network(network))
    with cloud(CALM) as clock:
        make_network()
        before = take_inventory(client)
        assert run(platform, clock).clean
        assert run(platform, clock).todo.changes == ()
        assert run(platform, clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)
