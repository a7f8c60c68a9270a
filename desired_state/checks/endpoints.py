from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.endpoints import GROUPS, find_needed, is_in_ecr, list_endpoints
from desired_state.network import PRIVATE, PUBLIC
from desired_state.placement import group_by_tier
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_WHERE: KeyPath = ("network", "endpoints")
_OR_NAT = "or give the network `nat`"


def check_endpoints(platform: Platform) -> Iterator[Violation]:
    """Check that tasks in private subnets reach what they need, where endpoints are their only way out."""
    network = platform.network
    if network.existing:
        return
    if network.endpoints == "auto" and PRIVATE not in network.subnets:
        yield Violation(_WHERE, "auto is for private subnets, and there are none", depends_on=(("network",),))
    if PRIVATE not in network.subnets or network.nat != "none" or not network.endpoints:
        return
    yield from _check_needs(platform)
    yield from check_images(platform, _OR_NAT)
    if platform.drift_correction and PUBLIC not in network.subnets:
        message = (
            f"the job asks AWS services that have no endpoints: add `public` to `network.subnets`, {_OR_NAT}"
        )
        yield Violation(("drift_correction",), message, depends_on=(("network",),))


def _check_needs(platform: Platform) -> Iterator[Violation]:
    there, words = list_endpoints(platform), {name: word for word, names in GROUPS.items() for name in names}
    lacking = {words.get(name, name): why for name, why in find_needed(platform).items() if name not in there}
    if lacking:
        told = ", ".join(f"{name} ({why})" for name, why in lacking.items())
        yield Violation(
            _WHERE, f"lacks {told}, and tasks in private subnets have no other way; add it, {_OR_NAT}"
        )


def check_images(platform: Platform, otherwise: str) -> Iterator[Violation]:
    """Check that images come from ECR in the region: no endpoint leads elsewhere, nor to public.ecr.aws.

    `otherwise` says what else can be done.
    """
    for name, service in group_by_tier(platform)[PRIVATE].items():
        where, uri, xray = ("services", name), service.image.uri or "", service.tracing.xray
        if not is_in_ecr(uri, platform.region):
            message = f"{uri} cannot be pulled without NAT, as endpoints lead to ECR only: push a copy there, {otherwise}"
            yield Violation((*where, "image"), message, depends_on=(("network",),))
        if xray and not is_in_ecr(xray.image, platform.region):
            message = (
                f"{xray.image} cannot be pulled without NAT, as endpoints lead to ECR only: trace nothing "
                f"(`tracing: none`), push a copy there and name it in `tracing.xray.image`, {otherwise}"
            )
            yield Violation((*where, "tracing"), message, depends_on=(("network",),))
