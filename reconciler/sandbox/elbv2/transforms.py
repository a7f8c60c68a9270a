"""Transforms of rules, which rewrite host or path of a request: what ELBv2 takes of them."""

import re
from collections import Counter
from typing import Any

from reconciler.sandbox.elbv2.refusals import invalid

MAX_LENGTH = 1024  # of an expression, and of its replacement
CONFIGS = {"host-header-rewrite": "HostHeaderRewriteConfig", "url-rewrite": "UrlRewriteConfig"}


def check_transforms(transforms: list[dict[str, Any]]) -> None:
    """Refuse transforms that are not one of each type, with one rewrite in the type's own configuration."""
    for kind, count in Counter(transform["Type"] for transform in transforms).items():
        if count > 1:
            invalid(f"A rule can only have one transform of the type '{kind}'")
    for transform in transforms:
        config = CONFIGS[transform["Type"]]
        if set(transform) != {"Type", config}:
            invalid(f"A transform of the type '{transform['Type']}' must have '{config}' and nothing else")
        rewrites = transform[config].get("Rewrites", [])
        if len(rewrites) != 1:
            invalid(f"'{config}' must have exactly one rewrite")
        _check_rewrite(rewrites[0])


def _check_rewrite(rewrite: dict[str, str]) -> None:
    for name in ("Regex", "Replace"):
        if len(rewrite[name]) > MAX_LENGTH:
            invalid(f"The '{name}' value is too long; the limit is '{MAX_LENGTH}'")
    try:
        re.compile(rewrite["Regex"])
    except re.error:
        invalid(f"The regular expression '{rewrite['Regex']}' is not valid")
