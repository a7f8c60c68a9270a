"""Find descriptions of ranges that may not connect."""

from collections.abc import Iterator

from desired_state.doors import where_of
from desired_state.platform import Platform
from desired_state.tree import format_key
from desired_state.warnings.file_warning import FileWarning


def find_idle_descriptions(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each described range that `ingress` lacks: an overlay may have replaced it."""
    for key, balancer in platform.balancers.items():
        own = where_of(key)
        for cidr in balancer.ingress_descriptions:
            if cidr not in balancer.ingress:
                where = (*own, "ingress_descriptions", cidr)
                told = f"{cidr} is described, and is not in `{format_key((*own, 'ingress'))}`"
                yield FileWarning(where, told)
