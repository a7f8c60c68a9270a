"""The task role: the IAM role whose permissions a service's containers have."""

from desired_state.permissions import Statement as Permission
from reconciler.blueprint.cluster import role_settings
from reconciler.blueprint.service_context import ServiceContext
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.rights.roles import TASKS_PRINCIPAL

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


def task_role(service: ServiceContext) -> IamRole:
    """Return the role, with the permissions of the file and those that tracing and ECS Exec need."""
    actions = ["cloudwatch:PutMetricData"]
    actions += XRAY_ACTIONS if service.settings.tracing.xray else ()
    actions += EXECUTE_COMMAND_ACTIONS if service.settings.execute_command else ()
    anywhere = Statement(effect="Allow", actions=frozenset(actions), resources=frozenset({"*"}))
    policies = {"telemetry": Policy(statements=frozenset({anywhere}))}
    if service.settings.permissions:
        policies["permissions"] = Policy(statements=frozenset(map(_statement, service.settings.permissions)))
    description = f"Task role for {service.name}"
    return service.spec(
        IamRole,
        service.names.task_role(service.name),
        description=description,
        service_principal=TASKS_PRINCIPAL,
        policies=policies,
        managed_policies=frozenset(service.settings.policies),
        **role_settings(service.context),
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
