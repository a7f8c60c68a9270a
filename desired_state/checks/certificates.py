from collections.abc import Iterator

from desired_state.certificates import (
    MOST_OF_FIRST,
    find_unnamed,
    list_auto_doors,
    list_hosts_at,
    list_names,
)
from desired_state.checks.violation import Violation
from desired_state.hosts import is_covered, list_records
from desired_state.load_balancer import NETWORK
from desired_state.platform import Platform

_DNS = ("dns",)


def check_certificates(platform: Platform) -> Iterator[Violation]:
    """Check that a certificate that is requested has a zone to be validated in, and names."""
    for door in list_auto_doors(platform):
        where = (*door.where, "certificate")
        if platform.balancers[door.balancer].type == NETWORK:
            message = (
                "auto is for the hosts of routes, and those by a network load balancer have none: give an ARN"
            )
            yield Violation(where, message)
            continue
        if platform.dns is None:
            message = (
                "auto needs `dns: {zone: example.com}`, a public hosted zone, in which ACM looks for records "
                "that validate it; or give the ARN of a certificate"
            )
            yield Violation(where, message, depends_on=(_DNS,))
        names = list_names(platform, door)
        if not any(list_hosts_at(platform, door)):
            message = (
                f"auto is for the `hosts` of routes, and no route to {door.listener} has any; give one `hosts`"
            )
            yield Violation(where, message, depends_on=(("services",),))
        records = list_records(platform)
        for host in find_unnamed(platform, door):
            if not is_covered(host.name, records):
                continue  # as there is no zone, or no record for the host: both are told
            message = f"no certificate can be for {host.name}: it has a * only as a whole first part, as in *.example.com"
            yield Violation(host.where, message, depends_on=(where,))
        shortest = min(map(len, names), default=0)
        if shortest > MOST_OF_FIRST:
            message = (
                f"auto needs a host of at most {MOST_OF_FIRST} characters, and the shortest has {shortest}"
            )
            yield Violation(where, message, depends_on=(("services",),))
