"""Find log-ins that no request would meet, as a route without one takes all requests first."""

from collections.abc import Iterator, Mapping

from desired_state.platform import Platform
from desired_state.warnings.unreachable import find_unreachable_routes
from reconciler.model.plan import Conflict
from reconciler.model.references import Address
from reconciler.resources.listener_rule import ListenerRule


def find_passed_log_ins(platform: Platform, priorities: Mapping[str, int]) -> Iterator[Conflict]:
    """Yield a conflict for each of them: what the log-in is to guard would be open to everybody.

    `priorities` are those that rules have, by their names, where the file gives none.
    """
    for found in find_unreachable_routes(platform, priorities):
        if found.passes_log_in:
            position = platform.position(*found.route.where)
            why = f"{position}: {found.why}" if position else found.why
            yield Conflict(Address(ListenerRule.kind, found.route.rule), why, found.remedy)
