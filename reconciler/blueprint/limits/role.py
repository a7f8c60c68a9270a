"""The size of a role's inline policies (IAM user guide, "IAM and AWS STS quotas")."""

import json
import re
from collections.abc import Iterator

from desired_state.names import JOB
from desired_state.platform import Platform
from desired_state.sizes import format_sizes
from desired_state.tree import KeyPath
from reconciler.blueprint.limits.excess import Excess
from reconciler.resources.iam_policy import Policy
from reconciler.resources.iam_role import IamRole

MAX_CHARACTERS = 10_240  # of all inline policies together, without white space


def find_excess(role: IamRole, platform: Platform) -> Iterator[Excess]:
    """Yield the excess of a role whose inline policies are too long together."""
    sizes = {name: _count_characters(policy.document) for name, policy in role.policies.items()}
    if sum(sizes.values()) <= MAX_CHARACTERS:
        return
    details = {name: _describe(policy) for name, policy in role.policies.items()}
    yield Excess(
        _locate(role, platform),
        f"the inline policies of {role.name} would have {sum(sizes.values()):,} characters, and IAM takes "
        f"{MAX_CHARACTERS:,}: {format_sizes(sizes, details)}; {_suggest(role, platform)}",
    )


def _count_characters(document: object) -> int:
    return len(re.sub(r"\s", "", json.dumps(document)))


def _describe(policy: Policy) -> str:
    """Return the number of statements, and the longest one in a few words, with its size."""
    longest = max(
        policy.statements, key=lambda statement: (_count_characters(statement.document), str(statement))
    )
    actions, resources = sorted(longest.actions), sorted(longest.resources)
    more = len(actions) + len(resources) - 2
    words = f"{longest.effect} {actions[0]} on {resources[0]}" + f" and {more} more" * bool(more)
    size = f"{_count_characters(longest.document):,}"
    several = len(policy.statements) > 1
    return f"{len(policy.statements)} statements, the longest {size}: {words}" if several else words


def _locate(role: IamRole, platform: Platform) -> KeyPath:
    if role.service == JOB:
        return ("drift_correction",)
    if role.service:
        return ("services", role.service, "permissions")
    return ("readable_secrets",) if platform.readable_secrets else ("services",)


def _suggest(role: IamRole, platform: Platform) -> str:
    if role.service == JOB:
        return (
            f"shorten the names that most of its statements hold, the stack {platform.stack} and the suffix "
            f"{platform.suffix}, or notify fewer"
        )
    if role.service:
        return "make fewer statements, with several actions and resources each, or use * in them"
    secrets = {
        name: sum(len(secret.reference) for secret in service.secrets.values())
        for name, service in platform.services.items()
    }
    return (
        f"the secrets of services: {format_sizes(secrets)}; cover many by one pattern in readable_secrets, such as "
        "arn:aws:ssm:REGION:ACCOUNT:parameter/shop/*"
    )
