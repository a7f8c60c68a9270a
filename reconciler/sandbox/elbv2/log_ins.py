"""Log-ins in actions: what their configuration must hold, and the client secret, which is kept and never told.

A secret is needed where a provider of OpenID Connect gets its first one; UseExistingClientSecret keeps the one
that the rule has, and is refused where it has none or another one is sent (ELBv2 API reference; words K).
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from reconciler.sandbox.elbv2.refusals import invalid, refuse

Action = Mapping[str, Any]
OIDC = "AuthenticateOidcConfig"
CONFIGS = {"authenticate-oidc": OIDC, "authenticate-cognito": "AuthenticateCognitoConfig"}
URLS = ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint")
MAX_EXTRA_PARAMS = 10
SESSION_TIMEOUTS = range(1, 604_800 + 1)  # seconds
NOT_TOLD = ("ClientSecret", "UseExistingClientSecret")


def check_log_ins(actions: Iterable[Action]) -> None:
    """Refuse log-ins at addresses that are no HTTPS URLs, and with sessions that AWS does not have."""
    for action in actions:
        config = action.get(CONFIGS.get(action["Type"], ""), {})
        for name in URLS:
            if name in config and not _is_https(config[name]):
                refuse("InvalidLoadBalancerAction", f"{name} '{config[name]}' must be a full URL with HTTPS")
        if len(config.get("AuthenticationRequestExtraParams", {})) > MAX_EXTRA_PARAMS:
            invalid(f"A maximum of '{MAX_EXTRA_PARAMS}' authentication request extra params is allowed")
        if "SessionTimeout" in config and int(config["SessionTimeout"]) not in SESSION_TIMEOUTS:
            invalid(f"The session timeout must be between 1 and {SESSION_TIMEOUTS[-1]} seconds, inclusive")


def _is_https(text: str) -> bool:
    address = urlsplit(text)
    return address.scheme == "https" and bool(address.hostname)


def take_secret(actions: Iterable[Action], kept: str | None) -> str | None:
    """Return the fingerprint of the client secret that a rule has with these actions; None without one.

    `kept` is that of the secret that it has now. Refuses a log-in that would have none.
    """
    config = next((action[OIDC] for action in actions if action["Type"] == "authenticate-oidc"), None)
    if config is None:
        return None
    sent, keeps = config.get("ClientSecret"), config.get("UseExistingClientSecret") in (True, "true")
    if sent and keeps:
        refuse("InvalidLoadBalancerAction", "Specify either ClientSecret or UseExistingClientSecret, not both")
    if keeps and kept is None:
        refuse("InvalidLoadBalancerAction", "There is no existing client secret to use")
    if not (sent or keeps):
        refuse(
            "InvalidLoadBalancerAction",
            "You must specify ClientSecret, or UseExistingClientSecret if the rule has one",
        )
    return fingerprint_of(sent) if sent else kept


def fingerprint_of(secret: str) -> str:
    """Return what is kept of a client secret."""
    return sha256(secret.encode()).hexdigest()
