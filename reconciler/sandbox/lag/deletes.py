"""Lag of deletes: a resource cannot be deleted for a moment after its last use has ended."""

from functools import partial
from typing import Any

from moto.elbv2.exceptions import ResourceInUseError
from moto.elbv2.models import ELBv2Backend
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend

from reconciler.sandbox.elbv2.target_groups import used_groups
from reconciler.sandbox.lag.freshness import make_fresh, write_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    for action, around in _ENDS_OF_USE:
        wrap(ELBv2Backend, action, around)
    wrap(ELBv2Backend, "delete_target_group", _delete_target_group)
    wrap(IAMBackend, "detach_role_policy", _detach)
    wrap(IAMBackend, "delete_role_policy", _delete_role_policy)
    wrap(IAMBackend, "delete_role", _delete_role)


def _note_end_of_use(_action: str, original: Any, elb: Any, *args: Any, **kwargs: Any) -> Any:
    """Record the target groups that nothing forwards to after this call."""
    before = _groups_in_use(elb)
    answer = original(elb, *args, **kwargs)
    for arn in sorted(before - _groups_in_use(elb)):
        make_fresh(elb, "unused", f"unused {arn}")
    return answer


def _groups_in_use(elb: Any) -> set[str]:
    return {arn for balancer in elb.load_balancers.values() for arn in used_groups(balancer)}


_ENDS_OF_USE = tuple(
    (action, partial(_note_end_of_use, action))
    for action in ("delete_listener", "delete_rule", "delete_load_balancer", "modify_listener", "modify_rule")
)


def _delete_target_group(original: Any, elb: Any, target_group_arn: str) -> Any:
    """Delete a target group, but not just after its listener's delete (terraform retries for two minutes)."""
    if target_group_arn in elb.target_groups and write_misses(elb, "unused", f"unused {target_group_arn}"):
        message = f"Target group '{target_group_arn}' is currently in use by a listener or a rule"
        raise ResourceInUseError(message)
    return original(elb, target_group_arn)


def _detach(original: Any, iam: Any, policy_arn: str, role_name: str) -> Any:
    answer = original(iam, policy_arn, role_name)
    make_fresh(iam, "detached", f"detached {role_name}")
    return answer


def _delete_role_policy(original: Any, iam: Any, role_name: str, policy_name: str) -> Any:
    answer = original(iam, role_name, policy_name)
    make_fresh(iam, "detached", f"detached {role_name}")
    return answer


def _delete_role(original: Any, iam: Any, role_name: str) -> Any:
    """Delete a role, but not just after its last policy's detach (terraform retries for two minutes)."""
    if write_misses(iam, "detached", f"detached {role_name}"):
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    return original(iam, role_name)
