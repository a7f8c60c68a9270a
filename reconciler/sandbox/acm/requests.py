"""Check requests for certificates: how many names, their validation domains, and tags."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.refusal import Refusal

MAX_NAMES = 10  # of a certificate (ACM user guide, quotas)
MAX_TAGS = 50
MAX_FIRST_NAME = 64  # characters: it becomes the common name (ACM API reference, RequestCertificate)


def check_request(domains: list[str], options: list[Mapping[str, Any]], tags: list[Mapping[str, str]]) -> None:
    """Refuse a long first name, too many names, options of other names, and reserved or repeated tags."""
    if len(domains[0]) > MAX_FIRST_NAME:
        message = f"The first domain name can be no longer than {MAX_FIRST_NAME} characters."
        raise Refusal("InvalidParameterException", message)
    if len(domains) > MAX_NAMES:
        message = "Error: Cannot request more domain names. Need to request SAN limit to be raised"
        raise Refusal("LimitExceededException", message)
    for option in options:
        name, validation = option["DomainName"], option.get("ValidationDomain", "")
        if name not in domains or not f".{name}".endswith(f".{validation}"):
            raise Refusal(
                "InvalidDomainValidationOptionsException",
                f"The validation domain '{validation}' of '{name}' is not that name or one above it",
            )
    check_tags(tags)


def check_tags(tags: list[Mapping[str, str]]) -> None:
    """Refuse tags of AWS's own, and a key that is given twice."""
    keys = [tag["Key"] for tag in tags]
    for key in keys:
        if re.match("aws:", key, re.IGNORECASE) or keys.count(key) > 1:
            raise Refusal("InvalidTagException", f"Tag key '{key}' is reserved, or given more than once")
