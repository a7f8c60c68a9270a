"""Grants in few statements, for the inline policies of a role: IAM takes 10,240 characters of them.

What is shortened allows no write that the grants do not allow, and reads beyond them only where these tell no
contents. tests/rights/test_short.py holds that against the grants.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from reconciler.resources.iam_policy import Condition, Statement
from reconciler.rights.further_writes import NAMES_OF_RECORDS
from reconciler.rights.grant import Grant
from reconciler.rights.merging import ANYTHING, merge, restrict
from reconciler.rights.needless import leave_out_needless
from reconciler.rights.row import REQUEST_STACK, RESOURCE_STACK
from reconciler.rights.writes import WRITE_ROWS

# Reads of no contents, such as inputs of schedules and of targets are: they are allowed for all resources.
# The policies of roles are told by GetAccountAuthorizationDetails in any case.
READS = (
    *("application-autoscaling:Describe*", "cloudwatch:List*", "ec2:DescribeA*", "ec2:DescribeF*"),
    *("ec2:DescribeN*", "ec2:DescribeR*", "ec2:DescribeVpc*"),
    *("ecr:DescribeImages", "ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:GetRe*"),
    *("ecr:ListTagsForResource", "ecs:Describe*", "ecs:List*", "elasticloadbalancing:Describe*"),
    *("events:ListRules", "events:ListTagsForResource", "iam:GetPolicy", "iam:GetRole*"),
    *(
        "iam:ListAttachedRole*",
        "iam:ListRole*",
        "logs:ListTagsForResource",
        "scheduler:GetScheduleGroup",
        "scheduler:List*",
    ),
    *("servicediscovery:Get*", "servicediscovery:List*", "sqs:GetQueueAttributes", "sqs:ListQueue*"),
)
WRITES = (  # AWS has no other actions of these names
    "application-autoscaling:DeleteS*",
    "application-autoscaling:PutS*",
    "ec2:*SubnetCidrBlock",
    "ec2:*VpcCidrBlock",
    "ec2:*ssociateRouteTable",
    "ec2:AuthorizeSecurityGroup*",
    "ec2:ReplaceRoute*",
    "ec2:RevokeSecurityGroup*",
    "ec2:UpdateSecurityGroupRuleDescriptions*",
    "elasticloadbalancing:ModifyTargetGroup*",
    "elasticloadbalancing:SetS*",
    "logs:*ssociateKmsKey",
)
# What they make is all that they are for, and they change nothing that is there already, also under its name:
# that it is made with the stack's tag is enough.
MAKE = frozenset(
    {
        *("ec2:AllocateAddress", "ec2:CreateInternetGateway", "ec2:CreateVpc", "ecs:CreateCluster"),
        *("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"),
        "servicediscovery:CreatePrivateDnsNamespace",
    }
)
# A tag too many on a role would be rights too many: for these, the role must have a name of the stack's, too.
GIVE_RIGHTS = frozenset(
    f"iam:{name}"
    for name in (
        *("AttachRolePolicy", "CreateRole", "DeleteRolePermissionsBoundary", "PutRolePermissionsBoundary"),
        *("PutRolePolicy", "UpdateAssumeRolePolicy", "UpdateRole"),
    )
)


def shorten(grants: Iterable[Grant]) -> list[Statement]:
    """Return statements that allow and deny what the grants do."""
    widened = (part for grant in grants for part in _widen(grant.statement))
    return [_abbreviate(statement) for statement in merge(leave_out_needless(widened))]


def _widen(statement: Statement) -> Iterator[Statement]:
    """Yield a statement in parts, for all resources where their conditions, or what they do, are enough."""
    if statement.effect == "Deny":
        yield statement
        return
    told = frozenset(action for action in statement.actions if _find(action, READS))
    if told:
        yield Statement(actions=told, resources=ANYTHING)
    made = statement.actions & MAKE
    if made:
        without_tags = frozenset(c for c in statement.conditions if c[0] != "StringEqualsIfExists")
        yield Statement(actions=made, resources=ANYTHING, conditions=without_tags)
    rest = statement.actions - told - made
    if rest and _is_fenced(statement):
        yield Statement(actions=rest, resources=ANYTHING, conditions=_loosen(statement.conditions))
    elif rest:
        yield restrict(statement, rest)


def _is_fenced(statement: Statement) -> bool:
    """Tell whether the conditions alone keep a statement to the stack.

    Either what is written has the stack's tag, or a tag is set by a call that makes something, which must be
    allowed for itself, or records have the names of the stack's namespace, in whatever zone.
    """
    keys = {key for operator, key, _ in statement.conditions if operator != "StringEqualsIfExists"}
    enough = not keys.isdisjoint((RESOURCE_STACK, NAMES_OF_RECORDS)) or any(map(_tells_the_maker, keys))
    return enough and not statement.actions & GIVE_RIGHTS


def _tells_the_maker(key: str) -> bool:
    return key.endswith(":CreateAction")


def _loosen(conditions: frozenset[Condition]) -> frozenset[Condition]:
    """Return conditions without the names of calls that make something, which are allowed for themselves.

    The others are of the same operator then: the name of a stack has no wildcards.
    """
    if not any(_tells_the_maker(key) for _, key, _ in conditions):
        return conditions
    return frozenset(
        ("StringLike", key, ANYTHING if _tells_the_maker(key) else values) for _, key, values in conditions
    )


def _abbreviate(statement: Statement) -> Statement:
    if statement.effect == "Deny":
        return statement
    patterns = (*READS, *(pattern for pattern in WRITES if _known(pattern) <= statement.actions))
    actions = frozenset(_find(action, patterns) or action for action in statement.actions)
    resources = statement.resources
    if any(key == REQUEST_STACK for operator, key, _ in statement.conditions if operator == "StringEquals"):
        resources = frozenset(map(_in_any_account, resources))
    return statement.model_copy(update={"actions": actions, "resources": resources})


def _in_any_account(arn: str) -> str:
    """Return the ARN of what a call makes without its account, as no account lets others make things in it.

    Roles keep it, for a permissions boundary that names roles (examples/drift/boundary.json).
    """
    match arn.split(":", 5):
        case ["arn", partition, service, region, _account, resource] if service != "iam":
            return f"arn:{partition}:{service}:{region}:*:{resource}"
    return arn


def _known(pattern: str) -> frozenset[str]:
    """Return the actions of the tables that a pattern stands for."""
    return frozenset(a for row in WRITE_ROWS for a in row.all_actions if fnmatchcase(a, pattern))


def _find(action: str, patterns: Iterable[str]) -> str:
    return next((pattern for pattern in patterns if fnmatchcase(action, pattern)), "")
