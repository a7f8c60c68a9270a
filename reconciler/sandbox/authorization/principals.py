"""The policies that hold for a caller: its own and its groups' ones, its boundary, and that of its session."""

from collections.abc import Iterable, Iterator
from typing import Any

from moto.iam import iam_backends
from moto.sts.models import sts_backends

from reconciler.sandbox.authorization.decisions import Policies
from reconciler.sandbox.callers import Caller


def policies_of(caller: Caller) -> Policies:
    """Return the policies of a user or of a role's session. The root has none, and needs none."""
    iam = iam_backends[caller.account][caller.partition]
    if caller.type == "IAMUser":
        user = iam.get_user(caller.name)
        return Policies(tuple(_documents([user, *iam.get_groups_for_user(caller.name)])))
    role = next(role for role in iam.roles.values() if role.arn == caller.issuer)
    return policies_of_role(role, _session_policy(caller))


def policies_of_role(role: Any, session: str | None = None) -> Policies:
    """Return the policies of a role, given the policy of its session if it has one.

    A boundary that a platform file names and nobody has made (`given`) limits nothing: its text is not known.
    """
    policy = role.permissions_boundary_arn and _find_policy(role, role.permissions_boundary_arn)
    return Policies(tuple(_documents([role])), _default_version(policy) if policy else None, session)


def _documents(holders: Iterable[Any]) -> Iterator[str]:
    for holder in holders:
        yield from holder.policies.values()
        yield from (_default_version(policy) for policy in holder.managed_policies.values())


def _default_version(policy: Any) -> str:
    return next(
        str(version.document) for version in policy.versions if version.version_id == policy.default_version_id
    )


def _find_policy(role: Any, arn: str) -> Any:
    _, partition, *_ = arn.split(":")
    return iam_backends[role.account_id][partition].managed_policies.get(arn)


def _session_policy(caller: Caller) -> str | None:
    sts = sts_backends[caller.account][caller.partition]
    assumed = sts.get_assumed_role_from_access_key(caller.key)
    return (assumed.policy or None) if assumed else None
