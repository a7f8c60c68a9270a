"""AWS's own managed policies, each taken from moto's data when it is first named.

All 1,582 of them would cost 0.7 s and 60 MiB a backend (MOTO_IAM_LOAD_MANAGED_POLICIES); without them moto knows none.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from reconciler.sandbox.world import wrap

_ARN = re.compile(r"arn:[a-z-]+:iam::aws:policy(?P<path>/(?:.+/)?)(?P<name>[^/]+)$")


def install() -> None:
    attaching = ("attach_role_policy", "attach_group_policy", "attach_user_policy")
    for name in (*attaching, "get_policy", "get_policy_version", "list_policy_versions"):
        wrap(IAMBackend, name, _with_policy)


def _with_policy(original: Callable[..., Any], iam: Any, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
    if policy_arn not in iam.managed_policies:
        _load(iam, policy_arn)
    return original(iam, policy_arn, *args, **kwargs)


def _load(iam: Any, arn: str) -> None:
    match = _ARN.match(arn)
    data = match and _data(match["name"])
    if not match or not data or data["Path"] != match["path"]:
        return
    policy = AWSManagedPolicy.from_data(match["name"], iam.account_id, iam.region_name, data)
    iam.managed_policies[arn] = policy
    iam.aws_managed_policies.append(policy)


def _data(name: str) -> dict[str, Any] | None:
    """One entry of moto's 4.7 MB of JSON, without reading the rest: it is indented, a policy's name by one space."""
    begin = aws_managed_policies_data.find(f'\n "{name}":')
    if begin < 0:
        return None
    found: dict[str, Any]
    found, _ = json.JSONDecoder().raw_decode(aws_managed_policies_data, begin + len(f'\n "{name}":'))
    return found
