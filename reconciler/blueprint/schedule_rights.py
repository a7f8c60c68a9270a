"""What the schedule of the job may do, and who may have its role."""

from desired_state.names import JOB
from reconciler.blueprint.context import Context
from reconciler.resources.iam_role import Policy, Statement
from reconciler.rights.roles import TASKS_PRINCIPAL


def arn(context: Context, service: str, resource: str) -> str:
    """Return the ARN of a resource of the account and the region. Roles are in no region."""
    facts = context.facts
    region = "" if service == "iam" else facts.region
    return f"arn:{facts.partition}:{service}:{region}:{facts.account}:{resource}"


def trust_conditions(context: Context) -> frozenset[tuple[str, str, frozenset[str]]]:
    """Return the conditions of the role's trust: the account, and the group of the schedule.

    It is the group's ARN since 7 September 2023, no more the schedule's (Scheduler user guide, history).
    """
    group = arn(context, "scheduler", f"schedule-group/{context.names.schedule_group}")
    return frozenset(
        {
            ("StringEquals", "aws:SourceAccount", frozenset({context.facts.account})),
            ("StringEquals", "aws:SourceArn", frozenset({group})),
        }
    )


def schedule_policy(context: Context) -> Policy:
    """Return what the schedule may do: start the job as it is defined, and tell of starts that failed."""
    names = context.names
    cluster = arn(context, "ecs", f"cluster/{context.platform.cluster_name}")
    roles = {arn(context, "iam", f"role/{name}") for name in (names.task_role(JOB), names.execution_role)}
    return Policy(
        statements=frozenset(
            {
                Statement(
                    actions=frozenset({"ecs:RunTask"}),
                    # With the revision: IAM refuses the bare family since October 2024 (aws-cdk#30390).
                    resources=frozenset({arn(context, "ecs", f"task-definition/{names.family(JOB)}:*")}),
                    conditions=frozenset({("ArnEquals", "ecs:cluster", frozenset({cluster}))}),
                ),
                Statement(
                    actions=frozenset({"ecs:TagResource"}),
                    resources=frozenset({arn(context, "ecs", f"task/{context.platform.cluster_name}/*")}),
                    conditions=frozenset({("StringEquals", "ecs:CreateAction", frozenset({"RunTask"}))}),
                ),
                Statement(
                    actions=frozenset({"iam:PassRole"}),
                    resources=frozenset(roles),
                    conditions=frozenset(
                        {("StringEquals", "iam:PassedToService", frozenset({TASKS_PRINCIPAL}))}
                    ),
                ),
                Statement(
                    actions=frozenset({"sqs:SendMessage"}),
                    resources=frozenset({arn(context, "sqs", names.dead_letters)}),
                ),
            }
        )
    )
