"""The flow logs of the VPC, with the log group that they go to and the role that writes them."""

from collections.abc import Iterator

from reconciler.blueprint.cluster import role_settings
from reconciler.blueprint.context import Context
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.flow_log import FlowLog
from reconciler.resources.iam_role import IamRole, Policy, Statement
from reconciler.resources.log_group import LogGroup
from reconciler.rights.roles import FLOW_LOGS_PRINCIPAL

# Without CreateLogGroup: records that come late would make the deleted group again, without retention.
ACTIONS = ("logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents")


def flow_logs(context: Context, vpc: Ref) -> Iterator[Spec]:
    """Yield the flow log, its log group and its role; nothing if the file asks for none."""
    settings, names = context.platform.network.flow_logs, context.names
    if settings is None:
        return
    group = context.spec(LogGroup, names.flow_logs, retention_days=settings.retention_days)
    facts = context.facts
    arn = f"arn:{facts.partition}:logs:{facts.region}:{facts.account}:log-group:{group.name}"
    rights = Statement(actions=frozenset(ACTIONS), resources=frozenset({arn, f"{arn}:*"}))
    role = context.spec(
        IamRole,
        names.flow_logs_role,
        service_principal=FLOW_LOGS_PRINCIPAL,
        description="Writes the VPC's flow logs",
        policies={"flow-logs": Policy(statements=frozenset({rights}))},
        **role_settings(context),
    )
    yield from (group, role)
    yield context.spec(
        FlowLog,
        names("flow-logs"),
        vpc=vpc,
        log_group=group.name,
        role=role.ref("arn"),
        after=frozenset({group.ref()}),
    )
