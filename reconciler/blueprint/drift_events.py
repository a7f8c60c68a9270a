"""The rule and the queue that tell a watch of changes, between its rounds.

The rule hears of the whole account and region, as ids cannot be filtered for. So one stack's queue is enough
for a watch of all stacks (docs/decisions/0022).
"""

from collections.abc import Iterator
from typing import Any

from desired_state.names import JOB
from reconciler.blueprint.context import Context
from reconciler.model.spec import Spec
from reconciler.resources import KINDS
from reconciler.resources.event_rule import EventRule, Target, dump_pattern
from reconciler.resources.sqs_queue import Sender, SqsQueue

PRINCIPAL = "events.amazonaws.com"
KEPT_FOR = 3600  # seconds: what nobody has read by then, the rounds have found
DESCRIPTION = "Tells the watch of ecs-reconciler of changes in this account and region"
ECS_KINDS = ("ECS Deployment State Change", "ECS Service Action")
# Calls of AWS's own services that write and that come all day (the list is not complete, and need not be).
FREQUENT = (
    *("CreateLogStream", "CreateNetworkInterface", "DeleteNetworkInterface", "RegisterInstance"),
    *("DeregisterInstance", "UpdateInstanceCustomHealthStatus", "RegisterTargets", "DeregisterTargets"),
    *("RunTask", "StartTask", "SubmitTaskStateChange", "SubmitContainerStateChange", "AssumeRole"),
)


def drift_events(context: Context) -> Iterator[Spec]:
    """Yield the queue and the rule, whose targets and policy name each other."""
    name, facts = context.names.drift_events, context.facts
    rule = f"arn:{facts.partition}:events:{facts.region}:{facts.account}:rule/{name}"
    queue = context.spec(
        SqsQueue,
        name,
        service=JOB,
        retention=KEPT_FOR,
        senders=frozenset({Sender(service=PRINCIPAL, source=rule)}),
    )
    yield queue
    yield context.spec(
        EventRule,
        name,
        service=JOB,
        description=DESCRIPTION,
        pattern=dump_pattern(make_pattern()),
        targets=frozenset({Target(id="queue", queue=queue.ref("arn"))}),
    )


def make_pattern() -> dict[str, Any]:
    """Return the pattern of the events that may touch a stack: ECS's own, and calls that were carried out.

    EventBridge takes 2,048 characters; which calls change what is ours is found when they are read.
    """
    sources = sorted({kind.touched_by.source for kind in KINDS.values() if kind.touched_by})
    calls = {
        "eventSource": sources,
        "eventName": [{"anything-but": [*FREQUENT]}],
        "errorCode": [{"exists": False}],
    }
    stopped = {"desiredStatus": ["STOPPED"]}
    return {
        "$or": [
            {"source": ["aws.ecs"], "detail-type": [*ECS_KINDS]},
            {"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"], "detail": stopped},
            {"detail-type": ["AWS API Call via CloudTrail"], "detail": calls},
        ]
    }
