"""Requests to EC2: checked before moto sees them, and not carried out with DryRun."""

from typing import Any

from moto.core.responses import BaseResponse
from moto.ec2.exceptions import DryRunClientError, EC2ClientError
from moto.ec2.responses import EC2Response

from reconciler.sandbox.ec2.filters import check_filters
from reconciler.sandbox.ec2.ids import check_ids
from reconciler.sandbox.ec2.needed import check_needed
from reconciler.sandbox.ec2.tags import check_tags
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import wrap

PRECONDITION_FAILED = 412  # the status of the answer to a dry run


def install() -> None:
    wrap(BaseResponse, "call_action", _call_checked)


def _call_checked(original: Any, response: Any) -> Any:
    """Refuse a request that EC2 refuses for its parameters alone, and each one with DryRun.

    With DryRun, AWS says only whether the caller may do it, and changes nothing (EC2 API reference).
    """
    if not isinstance(response, EC2Response):
        return original(response)
    operation, params = str(response._get_action()), response.params
    try:
        check_needed(operation, params)
        check_ids(params)
        check_filters(operation, params)
        check_tags(operation, params)
    except EC2ClientError as refused:
        return answer(response, refused.code, refused.message)
    if params.get("DryRun"):
        return answer(response, DryRunClientError.code, DryRunClientError.message, PRECONDITION_FAILED)
    return original(response)
