"""Secrets that a text shows by its form: in URLs, connection strings, commands, headers and JSON, and tokens.

Each row matches the least around a secret that tells what it is; only the group `secret` is hidden. A group
`name` is judged by `is_secret_name`. The tokens are those whose issuers gave them a prefix to be found by, as
the rules of gitleaks know them (https://github.com/gitleaks/gitleaks, config/gitleaks.toml).
"""

import re
from base64 import b64decode
from binascii import Error

from desired_state.secrecy.names import is_secret_name
from desired_state.secrecy.plain import is_plain
from desired_state.secrecy.randomness import is_random

HIDDEN = "(hidden)"

_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_Q = r"[\"']?"
_WORD = r"(?:(?!,\s*[\w.-]+=)[^\s;&\"'\\])+"  # up to the next assignment of a list
_TOKENS = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])",  # AWS access key ids
    r"eyJ[\w-]{8,2000}\.eyJ[\w-]{8,}(?:\.[\w-]*)?",  # JSON web tokens
    r"gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}",
    r"xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}",  # Slack
    r"(?:sk|rk)_(?:test|live|prod)_\w{10,}|whsec_\w{16,}",  # Stripe
    r"sk-(?:proj|ant|svcacct|admin)?-?\w[\w-]{18,}",  # OpenAI, Anthropic
    r"SG\.[\w-]{16,}\.[\w-]{16,}|AIza[\w-]{35}|ya29\.[\w-]{20,}",  # SendGrid, Google
    r"npm_\w{36}|pypi-AgE[\w-]{50,}|dckr_pat_[\w-]{20,}",
    r"dop_v1_[a-f0-9]{64}|hv[sb]\.[\w-]{24,}|shpat_[a-fA-F0-9]{32}|lin_api_\w{30,}|dapi[a-f0-9]{32}|NRAK-\w{20,}",
    r"AGE-SECRET-KEY-1[A-Z0-9]{58}",
)
_ROWS = tuple(
    re.compile(row, re.IGNORECASE | re.DOTALL)
    for row in (
        r"-----BEGIN[ A-Z0-9]*PRIVATE KEY(?: BLOCK)?-----(?P<secret>.+?)(?=-----END|[\"']|$(?!\n))",
        # postgres://user:PASSWORD@host, redis://:PASSWORD@host; a password with a slash is not told from a port
        r"//[^\s:/?#@]*:(?P<secret>[^\s/?#]{1,300}|(?!\d{1,5}[/?#])[^\s\"']{1,300}?)@",
        r"\bjdbc:oracle:\w+:[^\s/:]{1,100}/(?P<secret>[^\s@]{1,300})@",
        r"(?<![^\s\"'=])[\w.-]{1,100}:(?P<secret>[^\s\"']{1,300})@(?:tcp|unix)\(",  # Go's MySQL driver
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/+-]{20,})",
        r"discord(?:app)?\.com/api/webhooks/\d+/(?P<secret>[\w-]{20,})",
        # Server=db;Password=a b;Database=shop
        r"(?:;\s*(?:password|pwd)\s*=\s*(?P<secret>[^;]+))",
        r"^(?:password|pwd)\s*=\s*(?P<secret>[^;]+)(?=;)",
        r"\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer|token|apikey|digest)\s+)?(?P<secret>[^\s\"',]+)",
        r"\bbearer\s+(?P<secret>(?=\S*\d)[\w.~+/-]{16,}=*)",
        r"\bcurl\b.{0,300}?\s(?:-u|--user)[\s=]+[\"']?[^\s:\"']+:(?P<secret>[^\s\"']+)",
        # {"name": "DB_PASSWORD", "value": "…"}, as ECS and others write variables
        rf"\b(?:name|key){_Q}\s*[:=]\s*{_Q}(?P<name>[\w.-]+){_Q}\s*,\s*{_Q}value{_Q}\s*[:=]\s*(?P<secret>{_QUOTED}|[^\s,}}]+)",
        rf"(?P<q>\\?[\"'])(?P<name>[\w.-]+)(?P=q)\s*[:=]\s*(?P<secret>{_QUOTED}|\\\"[^\"\\]*\\\"|[^\s\"'\\,}}\[{{]+)",
        rf"(?<![\w./-])(?P<name>-{{0,2}}[\w.-]+)\s*=\s*(?P<secret>{_QUOTED}|{_WORD})",
        # DB_PASSWORD: x, with nothing behind it: `ExpiredToken: The security token …` is prose
        rf"(?<![\w./-])(?P<name>[\w.-]+):\s+(?P<secret>{_QUOTED}|[^\s,;\"'\[{{]+)(?=\s*(?:$|[,;}}\])\n\"']))",
        rf"(?<!\S)(?P<name>--?[\w-]+)\s+(?P<secret>{_QUOTED}|[^\s\-\"'][^\s\"']*)",
    )
)
_TOKEN = re.compile(rf"(?<![A-Za-z0-9_])(?P<secret>{'|'.join(_TOKENS)})")
_USER_ALONE = re.compile(r"//(?P<secret>[^\s:/?#@\"']+)@")
_BASIC = re.compile(r"\bbasic\s+(?P<secret>[A-Za-z0-9+/]{8,}={0,2})", re.IGNORECASE)


def hide_in_text(text: str) -> str:
    """Return the text with the secret parts hidden that it shows by its form; the rest stays readable."""
    for row in _ROWS:
        text = row.sub(_hide_secret, text)
    text = _TOKEN.sub(HIDDEN, text)
    text = _USER_ALONE.sub(lambda m: _hide_group(m) if is_random(m["secret"]) else m[0], text)
    return _BASIC.sub(lambda m: _hide_group(m) if _is_user_and_password(m["secret"]) else m[0], text)


def _hide_secret(match: re.Match[str]) -> str:
    """Hide the match's secret, unless the name before it says that it is none, or it only refers to one."""
    name, secret = match.groupdict().get("name", "password"), match["secret"].strip("\"'\\")
    if not secret or secret.startswith((HIDDEN, "***")) or not is_secret_name(name) or is_plain(name, secret):
        return match[0]
    return _hide_group(match)


def _hide_group(match: re.Match[str]) -> str:
    begin, end = (at - match.start() for at in match.span("secret"))
    whole = match[0]
    quote = re.match(r"\\?[\"']", match["secret"])
    mark = f"{quote[0]}{HIDDEN}{quote[0]}" if quote else HIDDEN
    return whole[:begin] + mark + whole[end:]


def _is_user_and_password(text: str) -> bool:
    try:
        return b":" in b64decode(text, validate=True)
    except Error:
        return False
