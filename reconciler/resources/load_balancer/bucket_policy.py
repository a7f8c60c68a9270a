"""Whether the policy of a bucket lets a load balancer write its logs, and the statement that does.

(ELB user guides, "Enable access logs".) Conditions are taken for met: they are about accounts and ARNs that the
writer has.
"""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

WRITER = "logdelivery.elasticloadbalancing.amazonaws.com"
WRITE = "s3:PutObject"
# Policies of before August 2022 name these accounts instead, which goes on to work.
FORMER_WRITERS: Mapping[str, str] = {
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
}


def needed_statement(arn: str) -> str:
    """Return the statement, as JSON, that lets load balancers write under this ARN."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": WRITER},
        "Action": WRITE,
        "Resource": f"{arn}/*",
    }
    return json.dumps(statement)


def lets_write(policy: str | None, arn: str, region: str) -> bool:
    """Tell whether a bucket's policy lets the load balancers of a region write under this ARN.

    One without a policy lets nobody but its account.
    """
    statements = [
        s for s in _as_list(json.loads(policy or "{}").get("Statement")) if _speaks_of(s, arn, region)
    ]
    denied = any(s["Effect"] == "Deny" and "Condition" not in s for s in statements)
    return not denied and any(s["Effect"] == "Allow" for s in statements)


def _speaks_of(statement: Mapping[str, Any], arn: str, region: str) -> bool:
    """Tell whether a statement is about these writes. What it leaves out is compared as what it names."""
    return (
        _names(statement, "Action", lambda pattern: fnmatchcase(WRITE.lower(), pattern.lower()))
        and _names(statement, "Resource", lambda pattern: fnmatchcase(f"{arn}/log", pattern))
        and _is_of_writer(statement, region)
    )


def _names(statement: Mapping[str, Any], key: str, matches: Any) -> bool:
    if f"Not{key}" in statement:
        return not any(map(matches, _as_list(statement[f"Not{key}"])))
    return any(map(matches, _as_list(statement.get(key))))


def _is_of_writer(statement: Mapping[str, Any], region: str) -> bool:
    named = {*_list_principals(statement.get("NotPrincipal", statement.get("Principal")))}
    former = FORMER_WRITERS.get(region, "")
    writers = {"*", WRITER, former, *(f"arn:{p}:iam::{former}:root" for p in ("aws", "aws-cn", "aws-us-gov"))}
    found = bool(named & (writers - {""}))
    return not found if "NotPrincipal" in statement else found


def _list_principals(principal: Any) -> Iterator[str]:
    values = principal.values() if isinstance(principal, dict) else [principal]
    yield from (str(one) for value in values for one in _as_list(value))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
