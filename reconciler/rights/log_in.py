"""What log-ins at the load balancer need: client secrets with their versions, and Cognito's clients."""

from collections.abc import Iterator

from desired_state.platform import Platform
from reconciler.rights.beside import READ_SECRET, secret_arn
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place
from reconciler.rights.use import Use

DESCRIBE = "secretsmanager:DescribeSecret"
# CreateRule and ModifyRule ask with the caller's rights (ELB user guide, "Authenticate users").
DESCRIBE_CLIENT = "cognito-idp:DescribeUserPoolClient"


def log_in_grants(platform: Platform, use: Use, place: Place) -> Iterator[Grant]:
    """Yield the right to look at the client secrets of the file, and what it takes to give them to rules."""
    routes = [route for service in platform.services.values() for route in service.routes if route.auth]
    named = {route.auth.oidc.secret.secret for route in routes if route.auth and route.auth.oidc}
    if named and use is not Use.DESTROY:
        actions = (DESCRIBE, READ_SECRET) if use.writes else (DESCRIBE,)
        yield grant(place, "ClientSecrets", actions, {secret_arn(place, name) for name in named})
    pools = {route.auth.cognito.user_pool for route in routes if route.auth and route.auth.cognito}
    if pools and use.writes:
        yield grant(place, "UserPools", (DESCRIBE_CLIENT,), pools)
