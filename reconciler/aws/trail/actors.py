"""Who made a call, in words, from CloudTrail's `userIdentity` (its user guide, "userIdentity element").

All names are others' texts: they are cut here, and whoever shows them escapes them.
"""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.aws.trail.event import TrailEvent, text
from reconciler.aws.trail.ours import Ours, claimed_stack, is_ours

NOBODY = "somebody whom CloudTrail does not name"
CONTROLLERS = re.compile(
    r"(ecs|codedeploy|autoscaling|application-autoscaling|.+\.application-autoscaling)\.amazonaws\.com"
)
CONSOLES = re.compile(r"\[?(console\.|signin\.|S3Console)|.*\bConsole\b")  # older marks of the console
TOOLS = {  # what user agents of other tools begin with or hold
    "Terraform": re.compile(r"\bTerraform\b|\bOpenTofu\b"),
    "Pulumi": re.compile(r"\bPulumi\b", re.IGNORECASE),
    "Ansible": re.compile(r"\bAnsible\b"),
    "the AWS CLI": re.compile(r"^\[?aws-cli/"),
}


def describe_actor(event: TrailEvent) -> str:
    """Return who made a call, such as `user alice` or `role Admin, session alice`.

    A session's name is chosen by whoever begins it, so it never stands alone.
    """
    identity = event.identity
    kind, name, arn = (text(identity.get(key)) for key in ("type", "userName", "arn"))
    match kind:
        case "Root":
            return "the root user"
        case "IAMUser":
            return f"user {name or arn.rpartition('/')[2]}"
        case "AssumedRole":
            return _describe_role(identity, arn)
        case "AWSService":
            return f"AWS service {event.invoked_by or 'that is not named'}"
        case "IdentityCenterUser":
            return f"Identity Center user {_inner(identity, 'onBehalfOf', 'userId') or 'that is not named'}"
        case "AWSAccount":
            return f"account {text(identity.get('accountId'))}"
        case "FederatedUser":
            return f"federated user {name or arn.rpartition('/')[2]}"
    who = name or arn or text(identity.get("principalId")) or event.invoked_by
    return f"{kind} {who}".strip() or NOBODY


def _describe_role(identity: Mapping[str, Any], arn: str) -> str:
    _, _, rest = arn.partition(":assumed-role/")
    role, _, session = rest.partition("/")
    context = identity.get("sessionContext")
    context = context if isinstance(context, Mapping) else {}
    issued = _inner(context, "sessionIssuer", "userName")
    source = text(context.get("sourceIdentity"))
    words = (f"role {issued or role}", session and f"session {session}", source and f"source identity {source}")
    return ", ".join(filter(None, words))


def _inner(value: Mapping[str, Any], *path: str) -> str:
    for key in path[:-1]:
        inner = value.get(key)
        value = inner if isinstance(inner, Mapping) else {}
    return text(value.get(path[-1]))


def describe_way(event: TrailEvent, ours: Ours) -> str:
    """Return how a call came: through the console, a controller or another tool; empty if by any client.

    A call that says to be of a run of this program, and was not made by a principal of one, claims to be.
    """
    if event.invoked_by:
        return (
            f"a controller ({event.invoked_by})"
            if CONTROLLERS.fullmatch(event.invoked_by)
            else event.invoked_by
        )
    if event.from_console or CONSOLES.match(event.agent):
        return "console"
    if stack := claimed_stack(event.agent):
        is_true = is_ours(ours, event.agent, arn_of(event))
        return "" if is_true else text(f"claims to be ecs-reconciler for {stack}")
    return next((tool for tool, agent in TOOLS.items() if agent.search(event.agent)), "")


def arn_of(event: TrailEvent) -> str:
    """Return the whole ARN of a principal; empty if it has none."""
    arn = event.identity.get("arn")
    return arn if isinstance(arn, str) else ""
