"""The filters of EC2's describes: the names that AWS documents, those that moto lacks, and how values match.

The names are read from botocore's documentation of each operation, so that they are AWS's own list.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from functools import cache
from typing import Any

from moto.core.utils import get_service_model
from moto.ec2 import utils
from moto.ec2.exceptions import EC2ClientError

from reconciler.sandbox.world import add

NAME = re.compile(r"<code>([^<]+)</code>(?:<[^>]+>|\s)*[-\u2013\u2014]")
WITHOUT_TAGS = ("DescribeAvailabilityZones", "DescribeRegions")  # no tag filters
MOST_VALUES = 200  # of one filter (EC2 user guide, filtering)

# Names that AWS knows besides, as its documentation says in passing, or as its tools use.
ALIASES = {
    "DescribeVpcs": {"cidr-block", "cidrBlock", "isDefault"},
    "DescribeSubnets": {
        "availabilityZone",
        "availabilityZoneId",
        "cidr",
        "cidrBlock",
        "defaultForAz",
    },
    "DescribeSecurityGroups": {"ip-permission.user-id"},
    "DescribeAddresses": {"domain"},  # an example of the AWS CLI
    "DescribePrefixLists": {"prefix-list-id", "prefix-list-name"},
}


def install() -> None:
    add(utils, "is_filter_matching", _matches)


def check_filters(operation: str, params: Mapping[str, Any]) -> None:
    """Refuse filters that AWS does not know for this operation, and those without a name or values.

    Any name passes where the documentation of the operation is not at hand.
    """
    filters = params.get("Filters") or params.get("Filter") or []
    known = known_filters(operation) if filters else frozenset()
    for asked in filters:
        name = asked.get("Name")
        if not name or (known and name not in known and not _is_tag(operation, name)):
            raise EC2ClientError("InvalidParameterValue", f"The filter '{name or 'null'}' is invalid")
        if "Values" not in asked:
            raise EC2ClientError("InvalidParameterValue", "The filter 'null' is invalid")
        if len(asked["Values"]) > MOST_VALUES:
            message = f"The maximum number of filter values specified on a single call is {MOST_VALUES}"
            raise EC2ClientError("FilterLimitExceeded", message)


@cache
def known_filters(operation: str) -> frozenset[str]:
    """Return the names of the operation's filters, without `tag:…`."""
    model = get_service_model("ec2")
    members = model.operation_model(operation).input_shape.members if operation in model.operation_names else {}
    documented = "".join(members[name].documentation for name in ("Filters", "Filter") if name in members)
    return frozenset(NAME.findall(documented)) | ALIASES.get(operation, frozenset())


def _is_tag(operation: str, name: str) -> bool:
    return operation not in WITHOUT_TAGS and (name in ("tag-key", "tag-value") or name.startswith("tag:"))


def _matches(item: Any, name: str, patterns: str | Iterable[str]) -> bool:
    """Tell whether any of the item's values for this filter matches any of the patterns.

    A pattern may have the wildcards * and ?, and matches with case (EC2 user guide, filtering).
    """
    return match(item.get_filter_value(name), patterns)


def match(value: Any, patterns: str | Iterable[str]) -> bool:
    """Tell whether the value, or one of several values, matches the pattern or any of several."""
    asked = [patterns] if isinstance(patterns, str) else patterns or ()
    several = isinstance(value, list | set | tuple | frozenset | type({}.keys()) | type({}.values()))
    texts = [_to_text(one) for one in (value if several else [value]) if one is not None]
    return any(to_regex(str(pattern)).match(text) for pattern in asked for text in texts)


def _to_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def to_regex(pattern: str) -> re.Pattern[str]:
    """Return the pattern as a regular expression. An escaped * or ? is that character, [ is no wildcard."""
    plain = pattern.replace("[", "[[]").replace(r"\*", "[*]").replace(r"\?", "[?]")
    return re.compile(translate(plain))
