"""Find load balancers, and listeners of network ones, that no route leads to."""

from collections.abc import Iterator

from desired_state.doors import Door, where_of
from desired_state.platform import Platform
from desired_state.warnings.file_warning import FileWarning


def find_unrouted_balancers(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each load balancer of `load_balancers`, and each listener, that is not made."""
    made = platform.balancers
    for key in platform.load_balancers:
        if key not in made:
            told = f"no route leads to {key}, so it is not made: write `load_balancer: {key}` in one"
            yield FileWarning(where_of(key), told)
    for key, balancer in made.items():
        for name in balancer.listeners:
            if (door := Door(key, name)) not in platform.doors:
                told = (
                    f"no route leads to {name}, so it is not made: a network load balancer's listener forwards"
                )
                yield FileWarning(door.where, told)
