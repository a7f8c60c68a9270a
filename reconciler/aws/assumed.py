"""Sessions of roles that a run assumes, as for a hosted zone in another account."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.credentials import DeferredRefreshableCredentials

SESSION = "ecs-reconciler"


def sign_as(events: Any, role: str, find_sts: Callable[[], Any]) -> None:
    """Have all requests of a client, given its events, signed with the keys of a role's session.

    The role is assumed with the first request, and again before the session ends. A refusal of it is that of
    the request.
    """

    def assume() -> Mapping[str, str]:
        answer = find_sts().assume_role(RoleArn=role, RoleSessionName=SESSION)
        return _read_keys(answer["Credentials"])

    credentials = DeferredRefreshableCredentials(assume, "assume-role")

    def sign(request: Any, **_: Any) -> None:
        request.context.setdefault("signing", {})["request_credentials"] = credentials

    events.register("before-sign", sign)


def _read_keys(keys: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "token": keys["SessionToken"],
        "expiry_time": keys["Expiration"].isoformat(),
    }
