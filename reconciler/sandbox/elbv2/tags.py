"""Tags in ELBv2: at most 20 resources in a read and 50 tags on a resource; absent resources are refused."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError, TooManyTagsError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.world import add, wrap

MAX_NAMED = 20  # ARNs or names in one call
MAX_TAGS = 50


def install() -> None:
    wrap(ELBv2Backend, "describe_tags", _describe_tags)
    wrap(ELBV2Response, "describe_load_balancers", _check_counts)
    wrap(ELBV2Response, "describe_target_groups", _check_counts)
    add(ELBv2Backend, "add_tags", _add_tags)


def _describe_tags(original: Any, elb: Any, resource_arns: list[str]) -> Any:
    check_count("resource ARNs", resource_arns)
    for arn in resource_arns:
        elb._get_resource_by_arn(arn)
    return original(elb, resource_arns)


def _check_counts(original: Any, response: Any) -> Any:
    for parameter in ("LoadBalancerArns", "TargetGroupArns", "Names"):
        check_count(parameter, response._get_param(parameter, []))
    return original(response)


def check_count(what: str, items: list[str]) -> None:
    """Refuse more than 20 ARNs or names in one call."""
    if len(items) > MAX_NAMED:
        message = f"The number of {what} '{len(items)}' cannot be more than '{MAX_NAMED}'"
        raise ELBClientError("ValidationError", message)


def _add_tags(elb: Any, resource_arns: list[str], tags: list[dict[str, str]]) -> None:
    for arn in resource_arns:
        elb._get_resource_by_arn(arn)
        keys = set(elb.tagging_service.get_tag_dict_for_resource(arn)) | {tag["Key"] for tag in tags}
        if len(keys) > MAX_TAGS:
            raise TooManyTagsError
        elb.tagging_service.tag_resource(arn, tags)
