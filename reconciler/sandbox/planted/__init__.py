"""What a platform file says exists already: it is made in the embedded AWS as its owner would have made it.

It was made long ago: every read shows it, and it is active. What is there already stays as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID

from reconciler.sandbox.planted.bucket import plant_bucket
from reconciler.sandbox.planted.cluster import plant_cluster
from reconciler.sandbox.planted.load_balancer import plant_load_balancer
from reconciler.sandbox.planted.log_group import plant_log_group
from reconciler.sandbox.planted.namespace import plant_namespace
from reconciler.sandbox.planted.network import plant_network
from reconciler.sandbox.planted.outside import plant_parameter, plant_stack
from reconciler.sandbox.planted.policy import plant_policy
from reconciler.sandbox.planted.repository import plant_repository
from reconciler.sandbox.planted.role import plant_role
from reconciler.sandbox.planted.secret import plant_secret
from reconciler.sandbox.planted.security_group import plant_security_group
from reconciler.sandbox.planted.trust_store import plant_trust_store
from reconciler.sandbox.planted.web_acl import plant_web_acl
from reconciler.sandbox.planted.zone import plant_zone
from reconciler.sandbox.profile import CALM
from reconciler.sandbox.world import call_lock, current, use

Part = Mapping[str, Any]  # see `list_existing` and `list_values` of `desired_state.elsewhere`
PLANTERS: Mapping[str, Callable[[Part, str, str], None]] = {
    "bucket": plant_bucket,
    "cluster": plant_cluster,
    "load_balancer": plant_load_balancer,
    "log_group": plant_log_group,
    "namespace": plant_namespace,
    "network": plant_network,
    "parameter": plant_parameter,
    "policy": plant_policy,
    "repository": plant_repository,
    "role": plant_role,
    "secret": plant_secret,
    "security_group": plant_security_group,
    "stack": plant_stack,
    "trust_store": plant_trust_store,
    "web_acl": plant_web_acl,
    "zone": plant_zone,
}
"""Functions that make a part of a type, in an account and a region."""


def plant(parts: Iterable[Part], account: str | None, region: str) -> None:
    """Make these parts in an account and a region, unless they are there. None: moto's account."""
    with call_lock, _long_ago():
        for part in parts:
            PLANTERS[part["type"]](part, account or DEFAULT_ACCOUNT_ID, region)


@contextmanager
def _long_ago() -> Iterator[None]:
    """Let what is made within the block be ready and known at once. Its owner has the quotas for it."""
    world = current()
    use(replace(world, profile=replace(CALM, quotas=False)))
    try:
        yield
    finally:
        use(world)
