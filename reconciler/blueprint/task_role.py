"""The role that a service's tasks run with."""

from desired_state.permissions import Statement as Permission
from reconciler.blueprint.cluster import TASKS
from reconciler.blueprint.service_context import ServiceContext
from reconciler.resources.iam_role import IamRole, Policy, Statement

XRAY_ACTIONS = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",  # the daemon asks for these three (X-Ray developer guide)
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
)
EXECUTE_COMMAND_ACTIONS = tuple(  # ECS Exec developer guide, "Task IAM role"
    f"ssmmessages:{action}"
    for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
)


def task_role(own: ServiceContext) -> IamRole:
    """Return the role, with what tracing and ECS Exec need and what the file permits besides."""
    granted = ["cloudwatch:PutMetricData"]
    granted += XRAY_ACTIONS if own.wanted.tracing.xray else ()
    granted += EXECUTE_COMMAND_ACTIONS if own.wanted.execute_command else ()
    anywhere = Statement(effect="Allow", actions=frozenset(granted), resources=frozenset({"*"}))
    policies = {"telemetry": Policy(statements=frozenset({anywhere}))}
    if own.wanted.permissions:
        policies["permissions"] = Policy(statements=frozenset(map(_statement, own.wanted.permissions)))
    description = f"Task role for {own.name}"
    return own.spec(
        IamRole,
        own.names.task_role(own.name),
        description=description,
        service_principal=TASKS,
        policies=policies,
    )


def _statement(permission: Permission) -> Statement:
    conditions = (
        (operator, key, frozenset(values))
        for operator, keys in permission.conditions.items()
        for key, values in keys.items()
    )
    return Statement(
        effect=permission.effect,
        actions=frozenset(permission.actions),
        resources=frozenset(permission.resources),
        conditions=frozenset(conditions),
    )
