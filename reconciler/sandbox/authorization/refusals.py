"""How each service tells that a caller may not do something.

(IAM user guide, "Troubleshoot access denied error messages"; EC2's and CloudWatch Logs' words as recorded in
issues of tools.)
"""

from collections.abc import Mapping

from reconciler.sandbox.authorization.call import Call
from reconciler.sandbox.authorization.decisions import Decision
from reconciler.sandbox.aws_error import Refused
from reconciler.sandbox.callers import Caller

_DENIED = Refused("AccessDenied", "", 403)  # of the services with query and XML protocols
_CODES: Mapping[str, Refused] = {
    "cloudwatch": _DENIED,
    "ec2": Refused("UnauthorizedOperation", "You are not authorized to perform this operation. ", 403),
    "elasticloadbalancing": _DENIED,
    "iam": _DENIED,
    "route53": _DENIED,
    "sns": Refused("AuthorizationError", "", 403),
    "sqs": _DENIED,
    "sts": _DENIED,
}
_OTHERS = Refused("AccessDeniedException", "", 400)
_NAME_NO_STAR = ("ec2", "elasticloadbalancing", "route53")  # they leave out a resource that is `*`
INVALID_KEY = Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def refuse(caller: Caller, call: Call, decision: Decision) -> Refused:
    """Return the error of the call's service for a decision against it."""
    of_service = _CODES.get(call.service, _OTHERS)
    return Refused(of_service.code, of_service.message + _say(caller, call, decision), of_service.status)


def _say(caller: Caller, call: Call, decision: Decision) -> str:
    if call.service == "logs" and decision.action == "logs:TagResource" != call.action:
        extra = 'An additional permission "logs:TagResource" is required.'
        return f"User with accountId: {call.account} is not authorized to perform {call.operation} with Tags. {extra}"
    on = f" on resource: {decision.resource}"
    if decision.resource == "*" and call.service in _NAME_NO_STAR:
        on = ""
    return f"User: {caller.arn} is not authorized to perform: {decision.action}{on} {decision.why}".rstrip()
