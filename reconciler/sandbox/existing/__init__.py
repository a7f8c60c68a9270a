"""What a file says exists already: the embedded AWS has it, without anybody having made it.

Each maker makes what it is told and is not there. What a person has made in the embedded AWS is left
as it is, so that a file can be tried on a network made there by hand.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID

from reconciler.sandbox.existing.named import make_clusters, make_log_groups, make_policies, make_roles
from reconciler.sandbox.existing.network import make_network
from reconciler.sandbox.profile import CALM
from reconciler.sandbox.world import call_lock, current, use

MAKERS: Mapping[str, Callable[[Any, str, str], None]] = {
    "network": make_network,
    "clusters": make_clusters,
    "roles": make_roles,
    "policies": make_policies,
    "log_groups": make_log_groups,
}
"""By the key of `describe_existing`: makes what that says, in an account and a region."""


def make_existing(named: Mapping[str, Any], region: str, account: str | None = None) -> None:
    """Make what a file says exists and is not there, given as `desired_state.elsewhere` describes it."""
    with call_lock, _long_ago():
        for section, described in named.items():
            MAKERS[section](described, account or DEFAULT_ACCOUNT_ID, region)


@contextmanager
def _long_ago() -> Iterator[None]:
    """Let what is made be as if it were made long ago: all of AWS knows it, and it is ready."""
    world = current()
    use(replace(world, profile=CALM))
    try:
        yield
    finally:
        use(world)
