"""UpdateRole keeps what is not sent; moto puts description and longest session back to their defaults."""

from typing import Any

from moto.iam.responses import IamResponse

from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(IamResponse, "update_role", _update_role)


def _update_role(original: Any, response: Any) -> Any:
    """Change what is sent; an empty description clears it (recorded)."""
    role = response.backend.get_role(response._get_param("RoleName"))
    description, session = role.description, role.max_session_duration
    answer = original(response)
    if response._get_param("Description") is None:
        role.description = description
    if response._get_param("MaxSessionDuration") is None:
        role.max_session_duration = session
    return answer
