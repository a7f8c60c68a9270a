"""How bad it is that a role drifts: rights that were widened, and rights that its tasks have lost."""

from fnmatch import fnmatchcase

from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities, opened_or_closed
from reconciler.resources.iam_policy import Policy, Statement
from reconciler.resources.iam_role.spec import NO_BOUNDARY, IamRole

WIDER, NARROWER = Severity.SECURITY, Severity.AVAILABILITY


def judge(live: IamRole, want: IamRole, diff: ValueDiff) -> Severity | None:
    match diff.where:
        case ("boundary",):  # one where the file has none takes rights away
            return NARROWER if diff.want in (None, NO_BOUNDARY) else WIDER
        case ("policies", str(name), "statements", Statement()):
            return _judge_statement(diff, live.policies[name], want.policies[name])
        case ("policies" | "managed_policies", _):
            return opened_or_closed(diff)
        case ("policies", *_):
            return WIDER
    return None


def _judge_statement(diff: ValueDiff, live: Policy, want: Policy) -> Severity:
    """Judge a statement that only one side has. One within a statement of the other side changes no rights."""
    added = diff.want is MISSING
    statement: Statement = diff.live if added else diff.want
    others = want.statements if added else live.statements
    if any(is_within(statement, other) for other in others):
        added = not added  # the other one is the wider
    return WIDER if added == (statement.effect == "Allow") else NARROWER


def is_within(one: Statement, other: Statement) -> bool:
    """Tell whether a statement says no more than another one, as far as its patterns show it."""
    return (
        not one.other
        and not other.other
        and one.effect == other.effect
        and other.conditions <= one.conditions
        and all(any(fnmatchcase(a.lower(), b.lower()) for b in other.actions) for a in one.actions)
        and all(any(fnmatchcase(a, b) for b in other.resources) for a in one.resources)
    )


SEVERITIES = Severities(
    {"service_principal": WIDER, "trust_conditions": WIDER},
    orphaned=Severity.SECURITY,
    foreign=Severity.SECURITY,  # an instance profile gives its rights to an instance
    judge=judge,
)
