"""Warnings about a platform file that is right: it may be applied all the same. No AWS call is made."""

from collections.abc import Iterator, Mapping
from itertools import chain

from desired_state.claims import NONE_KNOWN
from desired_state.platform import Platform
from desired_state.warnings.addresses import find_scarce_addresses
from desired_state.warnings.descriptions import find_idle_descriptions
from desired_state.warnings.drift_job import find_idle_job
from desired_state.warnings.file_warning import FileWarning
from desired_state.warnings.quotas import find_passed_quotas
from desired_state.warnings.unreachable import warn_of_unreachable_routes
from desired_state.warnings.unrouted import find_unrouted_balancers

__all__ = ["FileWarning", "find_warnings"]


def find_warnings(platform: Platform, priorities: Mapping[str, int] = NONE_KNOWN) -> Iterator[FileWarning]:
    """Yield all warnings about the platform; `priorities` as for `warn_of_unreachable_routes`."""
    of_network = (find_passed_quotas, find_scarce_addresses)
    others = (find_idle_descriptions, find_unrouted_balancers, find_idle_job)
    first, last = (chain(*(rule(platform) for rule in rules)) for rules in (of_network, others))
    return chain(first, warn_of_unreachable_routes(platform, priorities), last)
