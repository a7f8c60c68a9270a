"""Find platforms whose subnets have no address for each task that may run."""

from collections.abc import Iterator

from desired_state.placement import count_addresses, group_by_tier
from desired_state.platform import Platform
from desired_state.sizes import format_sizes
from desired_state.warnings.file_warning import FileWarning


def find_scarce_addresses(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning if all services at their most, in a deployment, need more addresses than there are.

    That they all are at once is rare: it is no mistake, as more tasks than addresses of one service are.
    """
    for tier, placed in group_by_tier(platform).items() if not platform.network.existing else ():
        most = {name: service.most_tasks_deploying for name, service in placed.items()}
        free = count_addresses(platform, tier)
        if sum(most.values()) > free:
            message = (
                f"{sum(most.values()):,} tasks may run if all services are at their most in a deployment, and the "
                f"{tier} subnets have addresses for {free:,}: {format_sizes(most)}"
            )
            yield FileWarning(("services",), message)
