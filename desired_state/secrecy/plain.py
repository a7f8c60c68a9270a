"""Values that are no secret even under a name that announces one: switches, references, paths."""

import re

from desired_state.secrecy.randomness import is_random

_SWITCHES = re.compile(
    r"|true|false|yes|no|on|off|none|null|nil|enabled?|disabled?|required|optional|auto|default"
    r"|basic|bearer|iam|oauth2?|oidc|saml|ldap|sso|\(hidden\)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"arn:aws[\w-]*:\S+"
    r"|(?:\$?\$\{[^}]*\}[/:]?)+|\$?\$[A-Z_][A-Z0-9_]*|\$?\$\(.*\)|%[A-Z_]+%"  # of a shell, and of compose
    r"|\{\{.*\}\}|\{[\w./:-]+\}|<[\w ./-]+>"  # placeholders
    r"|(?:[A-Za-z]:|\.{0,2})?(?:/[\w.{}@-]*[A-Za-z}][\w.{}@-]*){2,}/?"  # paths of two parts or more
)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(ms|s|m|h|d)?")
_NAMES_ONE = re.compile(r"(word|wd|phrase|code|secret|credential|token|pass|key|pin)s?[_-]?\d*$", re.IGNORECASE)


def is_plain(name: str, value: str) -> bool:
    """Tell whether a value of a secret-looking name is no secret: a switch, or a reference to where it is kept.

    A number is one only under a name that ends in the word: `DB_PASSWORD: "1234"`, not `TOKEN_LEEWAY: "30"`.
    """
    if _SWITCHES.fullmatch(value) or (
        _REFERENCE.fullmatch(value) and not any(map(is_random, value.split("/")))
    ):
        return True
    return bool(_NUMBER.fullmatch(value)) and not _NAMES_ONE.search(name)
