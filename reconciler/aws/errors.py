"""Reading the errors that AWS and botocore give."""

from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from reconciler.model.steps import ErrorMatch, ErrorMatches

THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "PriorRequestNotComplete",
        "BandwidthLimitExceeded",
        "SlowDown",
    }
)


# A create that was refused as the thing is there: perhaps we made it, in a run that died, and no read shows it yet.
ALREADY_EXISTS: ErrorMatches = (
    "EntityAlreadyExists",
    "ResourceAlreadyExistsException",
    "RepositoryAlreadyExistsException",
    "NamespaceAlreadyExists",
    "ServiceAlreadyExists",
    "InvalidGroup.Duplicate",
    "InvalidSubnet.Conflict",
    "RouteAlreadyExists",
    "Resource.AlreadyAssociated",
    "DuplicateLoadBalancerName",
    "DuplicateTargetGroupName",
    "DuplicateListener",
    "PriorityInUse",
    ErrorMatch("InvalidParameterException", "Creation of service was not idempotent"),
)


def code(error: BaseException) -> str:
    """AWS's error code, or the exception's name."""
    return error.response["Error"].get("Code", "") if isinstance(error, ClientError) else type(error).__name__


def message(error: BaseException) -> str:
    """What AWS said, without botocore's preamble."""
    return error.response["Error"].get("Message", "") if isinstance(error, ClientError) else str(error)


def request_id(error: BaseException) -> str | None:
    """The id that AWS's support asks for."""
    if not isinstance(error, ClientError):
        return None
    found: Any = error.response.get("ResponseMetadata", {}).get("RequestId")
    return found or None


def matching(error: BaseException, refusals: ErrorMatches) -> ErrorMatch | None:
    """In which of these ways AWS refused. Codes compare with and without `Exception`."""
    said, words = code(error).removesuffix("Exception"), message(error).lower()
    for refusal in (ErrorMatch(r) if isinstance(r, str) else r for r in refusals):
        if said == refusal.code.removesuffix("Exception") and refusal.says.lower() in words:
            return refusal
    return None


def matches(error: BaseException, refusals: ErrorMatches) -> bool:
    """Whether AWS refused in one of these ways."""
    return matching(error, refusals) is not None


def throttled(error: object) -> bool:
    """AWS was asked too much, and did nothing. EC2 answers with 503 then."""
    return isinstance(error, BaseException) and (code(error) in THROTTLED or throttled(error.__cause__))


def undone(error: BaseException) -> bool:
    """AWS did nothing: it was asked too much, or never reached."""
    return throttled(error) or isinstance(
        error, EndpointConnectionError | ConnectTimeoutError | ProxyConnectionError
    )


def unanswered(error: BaseException) -> bool:
    """Sent, and perhaps done: AWS did not say, or not in words that can be read."""
    if isinstance(error, ClientError):
        return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500  # noqa: PLR2004
    return isinstance(error, HTTPClientError | SSLError | ResponseParserError)
