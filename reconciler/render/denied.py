"""What AWS's refusal of a call for lack of rights says: the action, and what would let it through.

(IAM user guide, "Troubleshoot access denied error messages": the words differ by the type of policy.)
"""

import re

from reconciler.aws.iam_actions import iam_action

PRINTED = "`python -m reconciler policy` prints all that apply needs, and `--for` what plan, drift, correct and destroy do"
_ACTION = re.compile(r"(?:perform:? |additional permission \"?)([a-z0-9-]+:[A-Za-z]+)")
_DENIED_BY = re.compile(r"explicit deny in an? ([a-z -]+)")
_NOT_ALLOWED_BY = re.compile(r"no ([a-z -]+) allows")
_OWN = "identity-based policy"


def explain_denied(text: str, service: str, operation: str) -> tuple[str, str]:
    """Return the cause and the remedy of a refusal, given AWS's text and the call that it refused."""
    action = denied_action(text, service, operation)
    if denied := _DENIED_BY.search(text):
        kind = denied[1].strip()
        return (
            f"a policy of these credentials denies that ({kind})",
            f"see whether {action} should be denied there",
        )
    lacking = _NOT_ALLOWED_BY.search(text)
    if lacking and (kind := lacking[1].strip()) not in ("", _OWN):
        return f"the {kind} of these credentials does not allow that", f"allow {action} there"
    return "these credentials may not do that", f"allow {action} to them; {PRINTED}"


def denied_action(text: str, service: str, operation: str) -> str:
    """Return the IAM action in AWS's text, else that of the call, such as `ecs:CreateService`."""
    if named := _ACTION.search(text):
        return named[1]
    return iam_action(service, operation) if service else operation
