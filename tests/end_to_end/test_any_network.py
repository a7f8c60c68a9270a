"""Any network that a file may ask for, in an account in which others have one too, and in theirs."""

from typing import Any

from crash.cloud import cloud, run
from crash.existing import make_network
from crash.inventory import compare, take_inventory
from crash.networks import Inside, in_existing, in_network, inside, networks
from crash.strategies import load_platform
from hypothesis import Phase, example, given, settings
from support import client

from reconciler.sandbox import CALM
from reconciler.sandbox import Clock as SandboxClock

BY_HAND = {
    "subnets": {
        "public": {"ranges": ["10.0.9.0/24", "10.0.7.0/26"]},
        "private": {"ranges": ["10.0.200.0/22", "10.0.0.0/24"]},
    },
    "nat": "per_zone",
    "ipv6": True,
}
SHUT_IN = Inside(("private",), by_tags=False, way_out=False, endpoints=("ecr", "logs", "s3"))


@settings(max_examples=4, phases=[Phase.explicit, Phase.generate])
@example(BY_HAND)
@given(networks())
def test_any_network_is_made_needs_nothing_more_and_is_destroyed_without_a_trace(network: dict[str, Any]):
    with cloud(CALM) as clock:
        make_network()
        come_and_go(network, clock)


@settings(max_examples=4, phases=[Phase.explicit, Phase.generate])
@example(SHUT_IN)
@given(inside())
def test_any_use_of_a_network_of_others_leaves_it_as_it_was(wanted: Inside):
    with cloud(CALM) as clock:
        come_and_go(in_existing(wanted), clock)


def come_and_go(network: dict[str, Any], clock: SandboxClock) -> None:
    """Apply a platform in this network, plan it again, and destroy it."""
    platform, before = load_platform(in_network(network)), take_inventory(client)
    assert run(platform, clock).clean
    assert run(platform, clock).todo.changes == ()
    assert run(platform, clock, destroy=True).clean
    clock.advance(3600)
    assert not compare(take_inventory(client), before)
