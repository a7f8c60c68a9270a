"""Find load balancers that no route leads to."""

from collections.abc import Iterator

from desired_state.doors import where_of
from desired_state.platform import Platform
from desired_state.warnings.file_warning import FileWarning


def find_unrouted_balancers(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each load balancer of `load_balancers` that is not made."""
    made = platform.balancers
    for key in platform.load_balancers:
        if key not in made:
            told = f"no route leads to {key}, so it is not made: write `load_balancer: {key}` in one"
            yield FileWarning(where_of(key), told)
