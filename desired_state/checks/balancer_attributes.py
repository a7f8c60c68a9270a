import re
from collections.abc import Iterator

from desired_state.balancer_attributes import APPLICATION, describe_values, find_key, takes
from desired_state.checks.violation import Violation
from desired_state.doors import where_of
from desired_state.near import suggest
from desired_state.platform import Platform
from desired_state.tree import KeyPath


def check_balancer_attributes(platform: Platform) -> Iterator[Violation]:
    """Check attributes that the file gives by AWS's names, with their values, and where web ACLs are."""
    for key, balancer in platform.declared_balancers.items():
        found = re.match(r"arn:[a-z-]+:wafv2:(?P<region>[a-z0-9-]+):", balancer.waf or "")
        if found and platform.region and found["region"] != platform.region:
            message = f"is in {found['region']}; a load balancer in {platform.region} takes web ACLs of its own"
            yield Violation((*where_of(key), "waf"), message, depends_on=(("region",),))
        for name, value in balancer.attributes.items():
            yield from _check_attribute((*where_of(key), "attributes", name), name, value)


def _check_attribute(where: KeyPath, name: str, value: str) -> Iterator[Violation]:
    values = APPLICATION.get(name)
    if own := find_key(name):
        yield Violation(where, f"has a key of its own: write `{own}`", about_name=True)
    elif values is None:
        message = f"is no attribute of application load balancers{suggest(name, APPLICATION)}"
        yield Violation(where, message, about_name=True)
    elif not takes(values, value):
        yield Violation(where, f"{value!r} is not right: {describe_values(values)}")
