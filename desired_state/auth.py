"""Log-in at the load balancer, before a request is forwarded: by OpenID Connect, or by Cognito."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from desired_state.absence import Absent, Entries
from desired_state.part import Part, Pattern, Seconds, ShortForm, WrongValue
from desired_state.secret import SecretName

WEEK = 604_800  # seconds, the longest session (ELBv2 API reference)
_MOST_PARAMS = 10  # of the log-in page (ELBv2 API reference)
Url = Annotated[str, Pattern(r"https://[\w.-]+(:\d+)?(/\S*)?", "a URL such as https://login.example.com/token")]
UserPoolArn = Annotated[
    str,
    Pattern(
        r"arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool/[\w-]+_[0-9a-zA-Z]+",
        "the ARN of a user pool, arn:aws:cognito-idp:REGION:ACCOUNT:userpool/us-east-1_AbCdEfGhI",
    ),
]
# It stands in a tag of the rule, which takes no other characters (Tagging API reference).
SecretKey = Annotated[str, Pattern(r"[\w.=+/@-]{1,128}", "a key of letters, digits and _.=+/@-")]


def _check_params(value: Mapping[str, str]) -> Mapping[str, str]:
    if len(value) > _MOST_PARAMS:
        raise WrongValue(f"are {len(value)}, and AWS takes {_MOST_PARAMS} at most")
    return value


class ClientSecret(Part):
    """A client secret in Secrets Manager. Its value is read when a call needs it, and is shown nowhere."""

    secret: SecretName
    """Name of the secret, or its ARN."""

    key: Annotated[SecretKey | None, Absent()] = None
    """Key of the secret's JSON whose value is the client secret; if left out, the whole text."""


class Session(Part):
    """What both ways to log in have in common."""

    scope: str = Field("openid", min_length=1)
    """Claims that are asked for, such as openid email."""

    session_cookie: Annotated[str, Pattern(r"[\w.-]{1,128}", "the name of a cookie, such as LOGIN")] = (
        "AWSELBAuthSessionCookie"
    )
    """Name of the cookie that keeps a session."""

    session_timeout: Seconds = Field(WEEK, ge=1, le=WEEK)
    """Number of seconds, up to 7 days, after which a client has to log in again."""

    on_unauthenticated: Literal["authenticate", "allow", "deny"] = "authenticate"
    """What becomes of a request without a session: it has to log in, is forwarded, or is refused with 401."""

    extra_params: Annotated[
        Mapping[str, str], Entries(word=False), Absent({}), AfterValidator(_check_params)
    ] = {}
    """Further query parameters of the log-in page, at most 10."""


class Oidc(Session):
    """A log-in at a provider of OpenID Connect. The load balancer asks it itself, over the internet."""

    issuer: Url
    """Issuer, as the provider calls itself: `issuer` in its /.well-known/openid-configuration."""

    authorization_endpoint: Url
    """Address of the log-in page: `authorization_endpoint` in ISSUER/.well-known/openid-configuration."""

    token_endpoint: Url
    """Address that gives tokens: `token_endpoint` in ISSUER/.well-known/openid-configuration."""

    user_info_endpoint: Url
    """Address that tells who has logged in: `userinfo_endpoint` in ISSUER/.well-known/openid-configuration."""

    client_id: str = Field(min_length=1)
    """Id of the client that the provider knows this platform by."""

    secret: Annotated[ClientSecret, ShortForm("client_secret")]
    """Its client secret, kept in Secrets Manager: the secret's name or ARN."""


class Cognito(Session):
    """A log-in at a user pool of Cognito, whose client has a secret that the load balancer asks for itself."""

    user_pool: UserPoolArn
    """ARN of the user pool."""

    client_id: str = Field(min_length=1)
    """Id of the pool's client; it needs a secret, the code grant and the scope openid."""

    domain: str = Field(min_length=1)
    """Prefix of the pool's domain, or its own domain name."""


class Auth(Part):
    """What a client has to do before its requests are forwarded; only where the listener has HTTPS."""

    oidc: Annotated[Oidc | None, Absent()] = None
    """Log-in at a provider of OpenID Connect. Give either this or `cognito`."""

    cognito: Annotated[Cognito | None, Absent()] = None
    """Log-in at a user pool of Cognito. Give either this or `oidc`."""
