"""Which names announce a secret: of a variable, a key, an option or a parameter."""

import re

_SECRET = re.compile(
    r"""
    pass(word|wd|phrase|code) | secret | credential
    | token(?![a-z])                                       # AUTH_TOKEN; neither TOKENIZER nor MAX_TOKENS
    | (?<![a-z])creds(?![a-z])
    | (?<!by)(?<!com)pass(_?\d+)?$ | masterauth
    | (^|_)(pwd|auth|authorization|jwt|bearer|pat|salt|sig|signature)(_?\d+)?$
    | (api|access|account|app|auth|client|encryption|master|priv(ate)?|shared|signing)_?keys?(?![a-z])
    | (?<=[a-z0-9])_keys?(_?\d+)?$                         # STRIPE_KEY; KEY alone is the key of a pair
    """,
    re.VERBOSE,
)
# The last word says what the value is: PASSWORD_FILE is a path, TOKEN_URL an address.
_ABOUT_ONE = re.compile(
    r"""_(
    file | path | dir | directory | folder | mount | volume
    | url | uri | host | hostname | domain | port | endpoint | address | server | region | zone
    | name | arn | (?<!secret_)id | ids | ref | reference | prefix | suffix | label | version | stage
    | ttl | lifetime | expiry | expires | expiration | age | days | hours | minutes | seconds | ms | timeout | interval
    | length | size | min | max | minimum | maximum | count | limit | limits | retries | attempts | rotation | rounds
    | type | kind | mode | format | algorithm | alg | method | strategy | scheme | scope | scopes | audience | issuer
    | enabled | disabled | required | optional | policy | rule | rules | header | field | parameter | stdin
    | provider | providers | manager | store | backend | source | service | driver | user | username | usernames
    )$""",
    re.VERBOSE,
)
_PUBLIC_KEY = re.compile(
    r"(^|_)(public|publishable|site|partition|sort|primary|foreign|unique|hash|range|index|shard|cache"
    r"|group|join|map|row|object|s3|bucket|file|tag|label|message|event|record|routing|idempotency|kms|context"
    r"|condition|metric|dimension|config|feature|translation|search|lookup|set)_keys?$"
)
_PLACE = re.compile(r"(next|page|continuation|idempotency|cancellation)_token$")  # in a list, of a request
_SWITCH = re.compile(r"^(no|not|skip|disable|enable|use|with|without|require|allow|has|is)_")


def is_secret_name(name: str) -> bool:
    """Tell whether a value of this name is a secret, such as `DB_PASSWORD`, `apiKey` or `--auth-token`."""
    words = (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+", "_", name).strip("_").lower()
    )
    if words in ("secrets", "readable_secrets") or not _SECRET.search(words):  # these hold references
        return False
    return not any(other.search(words) for other in (_ABOUT_ONE, _PUBLIC_KEY, _PLACE, _SWITCH))
