"""Flow logs as in AWS: their role must be there and trust them, and without its rights no records arrive."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.flow_logs import FlowLogs
from moto.ec2.responses.flow_logs import FlowLogs as FlowLogCalls
from moto.iam import iam_backends
from moto.logs import logs_backends

from reconciler.sandbox.authorization.call import Call
from reconciler.sandbox.authorization.decisions import find_refused
from reconciler.sandbox.authorization.principals import policies_of
from reconciler.sandbox.authorization.requests import requests_of
from reconciler.sandbox.callers import caller_in_role
from reconciler.sandbox.scheduler.checks import trusts
from reconciler.sandbox.world import add, current, wrap

PRINCIPAL = "vpc-flow-logs.amazonaws.com"
ACTIONS = ("CreateLogStream", "PutLogEvents")


def install() -> None:
    wrap(FlowLogCalls, "create_flow_logs", _create)
    wrap(FlowLogCalls, "delete_flow_logs", _delete)
    add(FlowLogs, "deliver_logs_status", property(_status, _ignore))
    add(FlowLogs, "deliver_logs_error_message", property(_error, _ignore))


def _create(original: Any, response: Any) -> Any:
    """Refuse a role that EC2 cannot have: it is not there or not in force, or does not trust flow logs."""
    arn = response._get_param("DeliverLogsPermissionArn")
    if arn and not _may_assume(arn):
        raise EC2ClientError("InvalidParameter", "Unable to assume given IAM role")
    return original(response)


def _may_assume(arn: str) -> bool:
    _, partition, _, _, account, _ = arn.split(":", 5)
    role = next((role for role in iam_backends[account][partition].roles.values() if role.arn == arn), None)
    in_force = role is not None and getattr(role, "known_at", 0) <= current().clock.now()
    return in_force and trusts(role, PRINCIPAL, {})


def _delete(original: Any, response: Any) -> ActionResult:
    """Answer with the flow logs that were not deleted, of which there are none (EC2 API reference)."""
    original(response)
    return ActionResult({"Unsuccessful": []})


def _status(log: Any) -> str:
    return "FAILED" if _error(log) else "SUCCESS"


def _error(log: Any) -> str | None:
    """Return why records do not arrive: the group is gone, or the role may not write to it, or is gone."""
    if log.log_group_name is None or not log.deliver_logs_permission_arn:
        return None
    ec2 = log.ec2_backend
    there = log.log_group_name in logs_backends[ec2.account_id][ec2.region_name].groups
    return None if there and _may_write(log) else "Access error"


def _may_write(log: Any) -> bool:
    """Tell whether the log's role is there, trusts flow logs, and has the rights to write to its group."""
    ec2, arn = log.ec2_backend, log.deliver_logs_permission_arn
    if not _may_assume(arn):
        return False
    role = caller_in_role(arn, "flow-logs")
    sent = {"logGroupName": log.log_group_name, "logStreamName": "eni-all"}
    calls = (Call("logs", action, sent, ec2.account_id, ec2.partition, ec2.region_name) for action in ACTIONS)
    return not any(list(find_refused(policies_of(role), requests_of(call, role))) for call in calls)


def _ignore(_log: Any, _value: Any) -> None:
    """Keep nothing: both are told as they are when they are read."""
