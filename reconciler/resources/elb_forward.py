"""The target groups of a rule, or of a listener of TCP: read them, and move to another group without a gap.

The new group joins at weight 0: for ECS it is in use then, and the load balancer checks its targets. Once they
are healthy, the weights move. The old group stays at weight 0 until no task is in it. A network load balancer
sends it no new connections then, and those that are open stay there until they end (AWS, November 2025).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from reconciler.model.references import Address, Ref, refers_to
from reconciler.model.steps import Call, ErrorMatch, Later, Step, Wait

LISTENER_NOT_FOUND = (ErrorMatch("ListenerNotFound", patience=20),)
GROUP_NOT_FOUND = ("TargetGroupNotFound",)
MAX_GROUPS = 5  # in one forward (ELB user guide, quotas)
TARGET_HEALTHY = {
    "operation": "DescribeTargetHealth",
    "acceptors": [
        {
            "matcher": "pathAny",
            "argument": "TargetHealthDescriptions[].TargetHealth.State",
            "expected": "healthy",
            "state": "success",
        }
    ],
}
HEALTHY_PATIENCE = 300  # seconds, of a target that its service's rollout has found healthy

Weights = Mapping[Any, int]  # by target group
GroupRef = Annotated[Ref, refers_to("target_group")]


def is_not_desired(group: Ref) -> bool:
    """Tell whether it is by id: the plan has names for all groups that it wants or keeps."""
    return group.by_id


def find_weights(actions: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the target groups that these actions forward to, by ARN, with their weights."""
    found: dict[str, int] = {}
    for action in actions:
        groups = action.get("ForwardConfig", {}).get("TargetGroups")
        plain = [{"TargetGroupArn": action["TargetGroupArn"]}] if "TargetGroupArn" in action else []
        found |= {group["TargetGroupArn"]: int(group.get("Weight", 1)) for group in groups or plain}
    return found


def find_target(actions: Sequence[Mapping[str, Any]]) -> str:
    """Return the ARN of the target group that receives all requests; a description of any other actions."""
    types = ", ".join(action["Type"] for action in actions)
    if types != "forward":
        return types
    weights = find_weights(actions)
    stickiness = actions[0].get("ForwardConfig", {}).get("TargetGroupStickinessConfig", {})
    is_sticky = stickiness.get("Enabled", False)
    receiving = [group for group, weight in weights.items() if weight]
    if len(receiving) == 1 and not is_sticky:
        return receiving[0]
    shares = ", ".join(f"{group} {weight}" for group, weight in weights.items())
    return f"forward to {shares}{', sticky' if is_sticky else ''}"


def join(group: Ref, weights: Weights) -> Weights:
    """Return the weights with the group at 0. If there are too many, those with the smallest weights leave."""
    heaviest = sorted(weights.keys() - {group}, key=lambda other: (-weights[other], other))
    return {other: weights[other] for other in heaviest[: MAX_GROUPS - 1]} | {group: 0}


def forward(weights: Weights, first: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the parameter that forwards by these weights, without stickiness, which outlasts a weight of 0.

    `first` are the actions before that: AWS replaces all actions of a rule at once.
    """
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights.items()]
    several = {"ForwardConfig": {"TargetGroups": groups}}
    action = {"Type": "forward", **({"TargetGroupArn": next(iter(weights))} if len(groups) == 1 else several)}
    return {"Actions": [*first, {**action, "Order": len(first) + 1}] if first else [action]}


def wait_until_healthy(group: Ref) -> Iterator[Wait]:
    """Yield the wait for a healthy target in the group, before it receives requests."""
    why = "TargetHealthDescriptions[].TargetHealth.[State, Description][] | join(', ', [?@])"
    params = {"TargetGroupArn": group}
    yield Wait(
        "elbv2",
        "target_healthy",
        params,
        TARGET_HEALTHY,
        why=f"{why} || 'it has no targets'",
        patience=HEALTHY_PATIENCE,
    )


def move_weight(
    group: Ref,
    live: Weights,
    served_by: Address | None,
    what: str,
    weigh: Callable[[Weights], Call],
    finish: Callable[[Weights], Call] | None = None,
) -> Iterator[Step | Later]:
    """Yield the steps that give a group all weight once its service, `served_by`, has rolled out.

    `weigh` returns the call that forwards by weights, `finish` the last one if that changes more. `what` says
    in the plan what the group gets.
    """
    joins = "" if group in live else "joins at weight 0, and "
    why = f"{group.name} {joins}gets {what} once {served_by.name if served_by else ''} has rolled out"
    before = {other: weight for other, weight in live.items() if other != group}
    back = (weigh(before),) if any(before.values()) else ()
    yield Later("traffic", why, rolled_out=served_by, otherwise=back)
    yield from wait_until_healthy(group)
    yield (finish or weigh)(dict.fromkeys(join(group, live), 0) | {group: 1})


def leave_last(served_by: Address | None, alone: Call) -> Iterator[Step | Later]:
    """Yield the steps by which the other groups leave at the end, given the call that leaves one alone."""
    yield Later("other groups", "the other target groups leave it last", rolled_out=served_by, last=True)
    yield alone
