"""Read the errors that AWS and botocore give."""

from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from reconciler.model.steps import ErrorMatch, ErrorMatches

THROTTLING_CODES = frozenset(
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
        "EC2ThrottledException",
        "TransactionInProgressException",
        "ProvisionedThroughputExceededException",
    }
)  # botocore's own list (retries/standard.py) without LimitExceededException, which is a quota for ECS and IAM
ACCESS_DENIED: ErrorMatches = ("AccessDenied", "UnauthorizedOperation")
# AWS refuses a write because another one of the same resource is under way. It did nothing, and this passes.
BUSY: ErrorMatches = (
    "ConcurrentModificationException",  # IAM
    "ConcurrentUpdateException",  # Application Auto Scaling
    "OperationAbortedException",  # CloudWatch Logs
    "UpdateInProgressException",  # clusters of ECS
    "ConcurrentTagAccess",  # EC2
    # A family of ECS (cloudposse/terraform-aws-ecs-alb-service-task#258)
    ErrorMatch("ClientException", "Too many concurrent attempts", patience=60),
)  # botocore's models; EC2's from its user guide, "Error codes"
# A create is refused because the resource exists. It may be ours, from a killed run, and no read shows it yet.
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
    "QueueNameExists",
    "QueueAlreadyExists",
    ErrorMatch("ConflictException", "already exists"),  # EventBridge Scheduler
    "PriorityInUse",
    ErrorMatch("InvalidChangeBatch", "but it already exists"),  # a record of Route 53
    ErrorMatch("InvalidParameterException", "Creation of service was not idempotent"),
    ErrorMatch(
        "InvalidParameterException", "Arguments on this idempotent request are inconsistent"
    ),  # a cluster
)


def code(error: BaseException) -> str:
    """Return AWS's error code, or the name of the exception."""
    return (
        error.response.get("Error", {}).get("Code", "")
        if isinstance(error, ClientError)
        else type(error).__name__
    )


def message(error: BaseException) -> str:
    """Return what AWS said, without botocore's preamble."""
    return error.response.get("Error", {}).get("Message", "") if isinstance(error, ClientError) else str(error)


def request_id(error: BaseException) -> str | None:
    """Return the id of the refused request, which AWS's support asks for; None if AWS gave none."""
    if not isinstance(error, ClientError):
        return None
    found: Any = error.response.get("ResponseMetadata", {}).get("RequestId")
    return found or None


def find_match(error: BaseException, known: ErrorMatches) -> ErrorMatch | None:
    """Return the first known error that this one matches. The suffix `Exception` of a code is ignored."""
    own_code, words = code(error).removesuffix("Exception"), message(error).lower()
    for match in (ErrorMatch(k) if isinstance(k, str) else k for k in known):
        if match.unless and match.unless.lower() in words:
            continue
        if own_code == match.code.removesuffix("Exception") and match.message_contains.lower() in words:
            return match
    return None


def matches(error: BaseException, known: ErrorMatches) -> bool:
    """Tell whether the error is one of these."""
    return find_match(error, known) is not None


def is_throttled(error: object) -> bool:
    """Tell whether AWS refused the call because of its rate. EC2 answers with status 503 then."""
    return isinstance(error, BaseException) and (
        code(error) in THROTTLING_CODES or is_throttled(error.__cause__)
    )


def had_no_effect(error: BaseException) -> bool:
    """Tell whether AWS certainly did nothing, because it throttled the call or was never reached."""
    return is_throttled(error) or isinstance(
        error, EndpointConnectionError | ConnectTimeoutError | ProxyConnectionError
    )


def has_no_answer(error: object) -> bool:
    """Tell whether AWS has not answered at all: nothing came, or something that is not AWS's."""
    if isinstance(error, ClientError):
        return code(error).isdigit()  # botocore gives the HTTP status where there is no code of AWS's
    kinds = HTTPClientError | ConnectionError | ResponseParserError
    return isinstance(error, kinds) or (isinstance(error, BaseException) and has_no_answer(error.__cause__))


def lost_answer(error: BaseException) -> bool:
    """Tell whether AWS may have carried out the failed call: there was no answer, or no readable one."""
    if isinstance(error, ClientError):
        return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500  # noqa: PLR2004
    return isinstance(error, HTTPClientError | SSLError | ResponseParserError)
