"""What the job may do: read all that a plan reads, and write what a correction writes, but not to itself."""

from collections.abc import Iterable, Iterator, Mapping

from desired_state.drift import DriftCorrection, Notified
from desired_state.names import JOB
from reconciler.aws.lease import RUN_ACTIONS
from reconciler.aws.lease.item import TABLE
from reconciler.aws.trail import ACTIONS as TRAIL_ACTIONS
from reconciler.blueprint.context import Context
from reconciler.blueprint.schedule_rights import SCHEDULER_PRINCIPAL, arn
from reconciler.resources import KINDS
from reconciler.resources.iam_role import Policy, Statement
from reconciler.resources.kind import COMMON_ACTIONS

OF_ITEMS = frozenset({"dynamodb:GetItem", "dynamodb:UpdateItem"})
READS = ("BatchGet", "Describe", "Get", "List")
# A correction deletes no resource. These take something away from one that stays.
REPAIRS = frozenset(
    {
        *("application-autoscaling:DeleteScalingPolicy", "ec2:DeleteRoute"),
        *("iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy"),
        *("ecs:DeregisterTaskDefinition",),  # of old revisions, after a new one
    }
)
DELETES = ("Delete", "Deregister", "DetachInternetGateway")
# They exist once the platform has been applied, and IAM knows no narrower right than to make them.
NEVER = frozenset({"iam:CreateServiceLinkedRole", "route53:CreateHostedZone"})
NAMED = ("ecr", "logs", "scheduler", "sqs")  # services whose ARNs hold the names, which end in the suffix
WRITES = (
    *("Associate", "Attach", "Create", "Delete", "Detach", "Disassociate", "Put", "Register", "Set", "Tag"),
    *("Untag", "Update"),
)
OF_BOUNDARIES = frozenset({"iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"})
BOUNDED = ("AttachRolePolicy", "CreateRole", "DetachRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy")


def job_policies(context: Context, job: DriftCorrection) -> Mapping[str, Policy]:
    """Return the inline policies of the job's role."""
    corrects = (job.correct or context.platform.drift.correct) != "none"
    told = _notify(context.platform.drift.notify if job.notify is None else job.notify, context)
    policies = {"read": Policy(statements=frozenset({_read(), *_lease(context), *told}))}
    if corrects:
        policies["correct"] = Policy(statements=frozenset(_correct(context)))
        policies["not-itself"] = Policy(statements=frozenset(_spare_itself(context)))
    return policies


def _lease(context: Context) -> Iterator[Statement]:
    """Yield the rights on the lease: the stack's own item of the table of all stacks, and that table."""
    table = frozenset({arn(context, "dynamodb", f"table/{TABLE}")})
    keys = ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", frozenset({context.stack}))
    yield Statement(actions=OF_ITEMS, resources=table, conditions=frozenset({keys}))
    yield Statement(actions=RUN_ACTIONS - OF_ITEMS, resources=table)


def _listed() -> frozenset[str]:
    return COMMON_ACTIONS.union(*(kind.actions for kind in KINDS.values()))


def _is_read(action: str) -> bool:
    return action.partition(":")[2].startswith(READS)


def _read() -> Statement:
    actions = frozenset(filter(_is_read, _listed())) | TRAIL_ACTIONS
    return Statement(actions=actions, resources=frozenset({"*"}))


def _writes() -> frozenset[str]:
    """Return the actions of corrections: all writes of the types but those that delete one."""
    listed = (action for action in _listed() - NEVER if not _is_read(action))
    return frozenset(a for a in listed if a in REPAIRS or not a.partition(":")[2].startswith(DELETES))


def _correct(context: Context) -> Iterator[Statement]:
    writes, suffix = _writes(), context.platform.suffix
    roles = frozenset({arn(context, "iam", f"role/*{suffix}")})
    services = ("ecs-tasks.amazonaws.com", SCHEDULER_PRINCIPAL)
    passed = frozenset({("StringEquals", "iam:PassedToService", frozenset(services))})
    yield Statement(actions=frozenset({"iam:PassRole"}), resources=roles, conditions=passed)
    own_roles = frozenset(a for a in writes if a.startswith("iam:")) - {"iam:PassRole"}
    yield from _write_roles(own_roles, roles, context.platform.roles.boundary)
    named = frozenset(a for a in writes if a.startswith(tuple(f"{name}:" for name in NAMED)))
    for service in NAMED:
        actions = frozenset(a for a in named if a.startswith(f"{service}:"))
        # A group of logs has two forms, and which of them is asked about differs by call.
        yield Statement(actions=actions, resources=frozenset({arn(context, service, f"*{suffix}*")}))
    rest = frozenset(a for a in writes - named if not a.startswith("iam:"))
    yield Statement(actions=rest, resources=frozenset({"*"}))


def _write_roles(actions: frozenset[str], roles: frozenset[str], boundary: str | None) -> Iterator[Statement]:
    """Yield what may be done to roles; with a boundary, only to those that have it, and it stays."""
    if boundary is None:  # whatever boundary a role has is left as it is
        yield Statement(actions=actions - OF_BOUNDARIES, resources=roles)
        return
    if boundary == "none":
        yield Statement(actions=actions, resources=roles)
        return
    bounded = actions & {f"iam:{name}" for name in BOUNDED}
    condition = frozenset({("StringEquals", "iam:PermissionsBoundary", frozenset({str(boundary)}))})
    yield Statement(actions=bounded, resources=roles, conditions=condition)
    yield Statement(actions=actions - bounded - {"iam:DeleteRolePermissionsBoundary"}, resources=roles)


def _spare_itself(context: Context) -> Iterator[Statement]:
    """Yield what the job must not do whatever else it may: change what it runs by, and so its own rights."""
    names = context.names
    own = {
        "iam": {f"role/{name}" for name in (names.task_role(JOB), names.execution_role, names.schedule_role)},
        "ecs": {f"task-definition/{names.family(JOB)}:*"},
        "ecr": {f"repository/{names.repository(JOB)}"},
        "logs": {f"log-group:{names.log_group(JOB)}", f"log-group:{names.log_group(JOB)}:*"},
        "scheduler": {f"schedule/{names.schedule_group}/*", f"schedule-group/{names.schedule_group}"},
        "sqs": {names.dead_letters},
    }
    for service, resources in own.items():
        yield Statement(
            effect="Deny",
            actions=frozenset(f"{service}:{word}*" for word in WRITES),
            resources=frozenset(arn(context, service, resource) for resource in resources),
        )


def _notify(told: Iterable[Notified], context: Context) -> Iterator[Statement]:
    """Yield what telling people takes: topics, and the secrets that hold URLs and keys."""
    if topics := frozenset(notified.sns for notified in told if notified.sns):
        yield Statement(actions=frozenset({"sns:Publish"}), resources=topics)
    urls = [url for notified in told for url in (notified.webhook, notified.key, notified.slack) if url]
    if secrets := frozenset(_secret_arn(url.secret, context) for url in urls if url.secret):
        yield Statement(actions=frozenset({"secretsmanager:GetSecretValue"}), resources=secrets)


def _secret_arn(name: str, context: Context) -> str:
    """Return the ARN of a secret, given it or its name, to which Secrets Manager adds six letters."""
    return name if name.startswith("arn:") else arn(context, "secretsmanager", f"secret:{name}-??????")
