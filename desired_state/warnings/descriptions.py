"""Find descriptions of ranges that may not connect."""

from collections.abc import Iterator

from desired_state.platform import Platform
from desired_state.warnings.file_warning import FileWarning


def find_idle_descriptions(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each described range that `ingress` lacks: an overlay may have replaced it."""
    balancer = platform.load_balancer
    for cidr in balancer.ingress_descriptions if balancer else ():
        if balancer and cidr not in balancer.ingress:
            where = ("load_balancer", "ingress_descriptions", cidr)
            yield FileWarning(where, f"{cidr} is described, and is not in `load_balancer.ingress`")
