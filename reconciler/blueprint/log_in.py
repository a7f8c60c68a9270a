"""The log-in that the load balancer asks for before it forwards to a service."""

from typing import Any

from desired_state.auth import Session as SessionSettings
from desired_state.traffic import Route
from desired_state.tree import KeyPath
from reconciler.blueprint.context import Context
from reconciler.model.secret_value import SecretValue
from reconciler.resources.listener_rule.auth import Cognito, Oidc, Session, version_of


def log_in(context: Context, where: KeyPath, route: Route) -> dict[str, Any]:
    """Return the fields of a rule for the log-in of a route, given the route's place in the file."""
    if route.auth and (oidc := route.auth.oidc):
        place = (*where, "auth", "oidc", "secret")
        arn, version = (context.existing("secret", place, attr).name for attr in ("arn", "version"))
        secret = SecretValue(arn, version, oidc.secret.key)
        auth = Oidc(
            issuer=oidc.issuer,
            authorization_endpoint=oidc.authorization_endpoint,
            token_endpoint=oidc.token_endpoint,
            user_info_endpoint=oidc.user_info_endpoint,
            client_id=oidc.client_id,
            session=_session(oidc),
        )
        return {"auth": auth, "client_secret": secret, "secret_version": version_of(secret)}
    if route.auth and (cognito := route.auth.cognito):
        pool, client, domain = cognito.user_pool, cognito.client_id, cognito.domain
        return {"auth": Cognito(user_pool=pool, client_id=client, domain=domain, session=_session(cognito))}
    return {}


def _session(settings: SessionSettings) -> Session:
    return Session(
        scope=settings.scope,
        cookie=settings.session_cookie,
        timeout=settings.session_timeout,
        on_unauthenticated=settings.on_unauthenticated,
        extra_params=settings.extra_params,
    )
