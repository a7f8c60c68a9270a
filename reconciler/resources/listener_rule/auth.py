"""The log-in that a rule asks for before it forwards: its specs, and the actions in AWS's form.

AWS never tells a client secret. A tag of the rule says which version of the secret it was given; the value is
read when the call is made, and an action that keeps it says UseExistingClientSecret (ELBv2 API reference).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from reconciler.model.secret_value import SecretValue
from reconciler.model.spec import Part
from reconciler.model.tags import OWN_PREFIX

SECRET_VERSION = f"{OWN_PREFIX}client-secret-version"  # the tag: the version's id, and `:KEY` for a part of it
CHANGING = "changing"  # its value while a run gives another version: one that is killed then says neither
NO_LOG_IN: Literal["none"] = "none"
CONFIGS = {"authenticate-oidc": "AuthenticateOidcConfig", "authenticate-cognito": "AuthenticateCognitoConfig"}


class Session(Part):
    """The session of a client that has logged in. The defaults are AWS's (ELBv2 API reference)."""

    scope: str = "openid"
    """The claims that are asked for."""
    cookie: str = "AWSELBAuthSessionCookie"
    timeout: int = 604_800
    """Seconds until a client has to log in again."""
    on_unauthenticated: str = "authenticate"
    """What becomes of a request without a session: authenticate, allow or deny."""
    extra_params: Mapping[str, str] = {}
    """Further query parameters of the log-in page."""


class Oidc(Part):
    """A log-in at a provider of OpenID Connect, without its client secret."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    user_info_endpoint: str
    client_id: str
    session: Session = Session()


class Cognito(Part):
    """A log-in at a user pool of Cognito."""

    user_pool: str
    """The pool's ARN."""
    client_id: str
    domain: str
    """The prefix of the pool's domain, or a whole domain name."""
    session: Session = Session()


Auth = Oidc | Cognito | Literal["none"]
_OIDC = {
    "issuer": "Issuer",
    "authorization_endpoint": "AuthorizationEndpoint",
    "token_endpoint": "TokenEndpoint",
    "user_info_endpoint": "UserInfoEndpoint",
    "client_id": "ClientId",
}
_COGNITO = {"user_pool": "UserPoolArn", "client_id": "UserPoolClientId", "domain": "UserPoolDomain"}
_SESSION = {
    "scope": "Scope",
    "cookie": "SessionCookieName",
    "timeout": "SessionTimeout",
    "on_unauthenticated": "OnUnauthenticatedRequest",
    "extra_params": "AuthenticationRequestExtraParams",
}


def from_actions(actions: Iterable[Mapping[str, Any]]) -> tuple[Auth, list[Mapping[str, Any]]]:
    """Return the log-in of a rule's actions, and its other actions."""
    auth: Auth = NO_LOG_IN
    others = []
    for action in actions:
        config = action.get(CONFIGS.get(action["Type"], ""))
        if config is None or auth != NO_LOG_IN:
            others.append(action)
        elif action["Type"] == "authenticate-oidc":
            auth = Oidc(**_read(config, _OIDC), session=Session(**_read(config, _SESSION)))
        else:
            auth = Cognito(**_read(config, _COGNITO), session=Session(**_read(config, _SESSION)))
    return auth, others


def _read(config: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {field: config[name] for field, name in names.items() if config.get(name)}


def to_actions(auth: Auth, secret: SecretValue | None) -> list[dict[str, Any]]:
    """Return the action of a log-in, none without one. Without the secret, the rule keeps that which it has."""
    if isinstance(auth, str):
        return []
    is_oidc = isinstance(auth, Oidc)
    names = _OIDC if is_oidc else _COGNITO
    config = _write(auth, names) | _write(auth.session, _SESSION)
    if is_oidc:
        config |= {"ClientSecret": secret} if secret else {"UseExistingClientSecret": True}
    kind = "authenticate-oidc" if is_oidc else "authenticate-cognito"
    return [{"Type": kind, "Order": 1, CONFIGS[kind]: config}]


def _write(part: Part, names: Mapping[str, str]) -> dict[str, Any]:
    written = {name: getattr(part, field) for field, name in names.items()}
    return {name: dict(v) if isinstance(v, Mapping) else v for name, v in written.items() if v != {}}


def version_of(secret: SecretValue) -> str:
    """Return what the tag of a rule says of the secret that it was given."""
    return f"{secret.version}:{secret.key}" if secret.key else secret.version
