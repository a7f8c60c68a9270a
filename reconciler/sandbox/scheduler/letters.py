"""Letters: what a schedule's queue is told of a start that failed (Scheduler user guide, "dead-letter")."""

import json
from dataclasses import dataclass
from typing import Any

from moto.sqs import sqs_backends

from reconciler.sandbox.authorization.call import Call
from reconciler.sandbox.authorization.calls import judge
from reconciler.sandbox.callers import caller_in_role
from reconciler.sandbox.world import current


@dataclass(frozen=True)
class Letter:
    """Why a start failed."""

    code: str
    message: str
    at: float  # the virtual second at which it was due


def send_letter(schedule: Any, letter: Letter) -> None:
    """Send a letter, if the schedule has a queue, the queue is there and the role may send to it.

    Tries that would end in the same way are not made: they are told as if they had been.
    """
    arn = schedule.target.get("DeadLetterConfig", {}).get("Arn")
    if arn is None:
        return
    _, partition, _, region, account, name = arn.split(":", 5)
    queue = sqs_backends[account][region].queues.get(name)
    role = caller_in_role(schedule.target["RoleArn"], schedule.name)
    sent = {"QueueUrl": f"https://sqs.{region}.amazonaws.com/{account}/{name}", "MessageBody": ""}
    if queue is None or judge(role, Call("sqs", "SendMessage", sent, account, partition, region)):
        return
    tries = schedule.target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 185)
    told = {
        "ERROR_CODE": letter.code,
        "ERROR_MESSAGE": letter.message,
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": str(tries),
        "SCHEDULED_TIME": current().clock.date(letter.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "SCHEDULE_ARN": schedule.arn,
        "TARGET_ARN": schedule.target["Arn"],
    }
    attributes = {key: {"DataType": "String", "StringValue": value} for key, value in told.items()}
    body = json.dumps(schedule.target["EcsParameters"], default=str)
    sqs_backends[account][region].send_message(name, body, message_attributes=attributes)
