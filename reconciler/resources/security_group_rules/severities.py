"""How bad it is that rules drift: one that was opened lets somebody in, one that was closed shuts tasks out."""

from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities, opened_or_closed
from reconciler.resources.security_group_rules.spec import Rule, SecurityGroupRules


def judge(live: SecurityGroupRules, want: SecurityGroupRules, diff: ValueDiff) -> Severity | None:
    """Judge one rule: it counts as opened or closed, unless only its description differs."""
    if diff.field not in ("ingress", "egress"):
        return None
    rule, other = (diff.live, want) if diff.want is MISSING else (diff.want, live)
    among: frozenset[Rule] = getattr(other, diff.field)
    if isinstance(rule, Rule) and rule.without_description in {each.without_description for each in among}:
        return Severity.CONFIGURATION
    return opened_or_closed(diff)


SEVERITIES = Severities(judge=judge, orphaned=Severity.SECURITY)
