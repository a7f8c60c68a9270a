from collections.abc import Iterator

from desired_state.auth import Auth
from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.traffic import Route
from desired_state.tree import KeyPath

_ARN_REGION = 3  # the part of an ARN


def check_auth(platform: Platform) -> Iterator[Violation]:
    """Check that a log-in is one of both kinds, over HTTPS, and by a secret and a pool of the region."""
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            if route.auth:
                where = ("services", name, "routes", index, "auth")
                yield from _check_kind(where, route.auth)
                yield from _check_listener(platform, where, route)
                yield from _check_region(where, route.auth, platform.region)


def _check_kind(where: KeyPath, auth: Auth) -> Iterator[Violation]:
    if (auth.oidc is None) == (auth.cognito is None):
        yield Violation(where, "says one of `oidc` and `cognito`")


def _check_listener(platform: Platform, where: KeyPath, route: Route) -> Iterator[Violation]:
    """Check the protocol; that of a listener which exists is known once AWS has been asked."""
    door = platform.door_of(route)
    balancer = platform.declared_balancers.get(door.balancer)
    listener = balancer.listeners.get(door.listener) if balancer else None
    if listener and not listener.existing and listener.protocol != "HTTPS":
        remedy = "give it a `certificate`, or name another listener"
        message = f"needs HTTPS, and {door.listener} is {listener.protocol}: {remedy}"
        yield Violation(where, message, depends_on=(door.where,))


def _check_region(where: KeyPath, auth: Auth, region: str | None) -> Iterator[Violation]:
    named = (
        ((*where, "oidc", "secret", "secret"), auth.oidc.secret.secret if auth.oidc else ""),
        ((*where, "cognito", "user_pool"), auth.cognito.user_pool if auth.cognito else ""),
    )
    for place, arn in named:
        if region and arn.startswith("arn:") and arn.split(":")[_ARN_REGION] != region:
            message = f"is in {arn.split(':')[_ARN_REGION]}; a load balancer in {region} needs one of {region}"
            yield Violation(place, message, depends_on=(("region",),))
