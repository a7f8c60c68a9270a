"""A call as the requests that its caller must be allowed, whole: with resources, tags and keys."""

from dataclasses import replace

from reconciler.sandbox.authorization.arns import find_arns
from reconciler.sandbox.authorization.call import Call
from reconciler.sandbox.authorization.decisions import Request
from reconciler.sandbox.authorization.further import find_further
from reconciler.sandbox.authorization.keys import call_keys, caller_keys, target_of
from reconciler.sandbox.callers import Caller

_FREE = ("sts:GetCallerIdentity", "sts:GetSessionToken")  # no policy is asked (STS API reference)


def requests_of(call: Call, caller: Caller) -> tuple[Request, ...]:
    """Return the action of the call and those that it needs besides; none for calls that everybody may make."""
    if call.action in _FREE:
        return ()
    of_caller = caller_keys(caller, call.region)
    own = Request(call.action, tuple(target_of(call, arn) for arn in find_arns(call)), call_keys(call))
    return tuple(replace(request, keys={**of_caller, **request.keys}) for request in (own, *find_further(call)))
