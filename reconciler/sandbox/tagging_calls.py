"""The tagging API's checks, its lists of keys and values, and TagResources for what moto does not know."""

import re
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import Any

from moto.applicationautoscaling import applicationautoscaling_backends
from moto.core.exceptions import ServiceException
from moto.ec2 import ec2_backends
from moto.ecr import ecr_backends
from moto.elbv2 import elbv2_backends
from moto.logs import logs_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse
from moto.servicediscovery import servicediscovery_backends
from werkzeug.exceptions import HTTPException

from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import add, wrap

_ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+")
_TYPE = re.compile(r"[a-z0-9-]+(:[A-Za-z0-9/_-]+)?")
_LIMITS_TAGS = ContextVar("limits_tags", default=False)  # whether the present GetResources has TagsPerPage
_SEARCHES = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage", "PaginationToken")


def install() -> None:
    wrap(ResourceGroupsTaggingAPIResponse, "get_resources", _check_search)
    wrap(ResourceGroupsTaggingAPIBackend, "get_resources", _find_page)
    for action in ("get_tag_keys", "get_tag_values"):
        wrap(ResourceGroupsTaggingAPIResponse, action, _end_pages)
    wrap(ResourceGroupsTaggingAPIResponse, "tag_resources", _check_arns)
    wrap(ResourceGroupsTaggingAPIResponse, "untag_resources", _check_arns)
    add(ResourceGroupsTaggingAPIBackend, "tag_resources", _tag_resources)
    add(ResourceGroupsTaggingAPIBackend, "untag_resources", _untag_resources)
    add(ResourceGroupsTaggingAPIBackend, "_get_tag_keys_generator", _find_keys)
    add(ResourceGroupsTaggingAPIBackend, "_get_tag_values_generator", _find_values)


def _refuse(message: str) -> Refusal:
    return Refusal("InvalidParameterException", message)


def _check_search(original: Any, response: Any) -> Any:
    """Refuse what excludes each other, and what is no ARN and no type (API reference, GetResources)."""
    sent = sent_parameters(response)
    if sent.get("ResourceARNList") and any(sent.get(key) for key in _SEARCHES):
        raise _refuse("ResourceARNList excludes filters and parameters of pages.")
    if sent.get("ExcludeCompliantResources") and not sent.get("IncludeComplianceDetails"):
        raise _refuse("ExcludeCompliantResources needs IncludeComplianceDetails.")
    for kind in sent.get("ResourceTypeFilters") or ():
        if not _TYPE.fullmatch(kind):
            raise _refuse(f"The resource type is not valid: {kind}")
    if any(not condition.get("Key") for condition in sent.get("TagFilters") or ()):
        raise _refuse("A tag filter needs a key.")
    token = _LIMITS_TAGS.set(bool(sent.get("TagsPerPage")))
    try:
        return _end_pages(partial(_check_arns, original), response)
    finally:
        _LIMITS_TAGS.reset(token)


def _find_page(original: Any, tagging: Any, *, tags_per_page: int, **asked: Any) -> Any:
    """Limit the tags of a page only if the caller does: moto always does, to a hundred."""
    return original(tagging, tags_per_page=tags_per_page if _LIMITS_TAGS.get() else sys.maxsize, **asked)


def _end_pages(original: Any, response: Any) -> Any:
    """Answer with an empty token on the last page, as examples of the AWS CLI show."""
    answer = original(response)
    answer.result["PaginationToken"] = answer.result["PaginationToken"] or ""
    return answer


def _check_arns(original: Any, response: Any) -> Any:
    for arn in sent_parameters(response).get("ResourceARNList") or ():
        if not _ARN.fullmatch(arn):
            raise _refuse(f"The ARN is not valid: {arn}")
    return original(response)


def _tag_resources(tagging: Any, resource_arns: list[str], tags: dict[str, str]) -> dict[str, Any]:
    """Tag each resource, and return the failures of the others (API reference, FailedResourcesMap)."""
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    account, region = tagging.account_id, tagging.region_name
    others: dict[str, Callable[[str], object]] = {
        "ecr": lambda arn: ecr_backends[account][region].tag_resource(arn, listed),
        "servicediscovery": lambda arn: servicediscovery_backends[account][region].tag_resource(arn, listed),
        "application-autoscaling": lambda arn: _tags_of_target(account, region, arn).update(tags),
        "elasticloadbalancing": lambda arn: elbv2_backends[account][region].add_tags([arn], listed),
    }
    return _change_each(tagging, resource_arns, others, lambda backend, arn: backend.tag_resource(arn, tags))


def _untag_resources(tagging: Any, resource_arn_list: list[str], tag_keys: list[str]) -> dict[str, Any]:
    """Remove tags of each resource, and return the failures of the others."""
    account, region = tagging.account_id, tagging.region_name
    others: dict[str, Callable[[str], object]] = {
        "ecr": lambda arn: ecr_backends[account][region].untag_resource(arn, tag_keys),
        "servicediscovery": lambda arn: servicediscovery_backends[account][region].untag_resource(
            arn, tag_keys
        ),
        "application-autoscaling": lambda arn: [
            _tags_of_target(account, region, arn).pop(key, None) for key in tag_keys
        ],
        "elasticloadbalancing": lambda arn: elbv2_backends[account][region].remove_tags([arn], tag_keys),
    }
    return _change_each(
        tagging, resource_arn_list, others, lambda backend, arn: backend.untag_resource(arn, tag_keys)
    )


def _change_each(
    tagging: Any,
    arns: list[str],
    others: dict[str, Callable[[str], object]],
    by_moto: Callable[[Any, str], object],
) -> dict[str, Any]:
    failures: dict[str, Any] = {}
    for arn in arns:
        try:
            change = others.get(arn.split(":")[2])
            if change is not None:
                change(arn)
            else:
                by_moto(_backend_of(tagging, arn), arn)
        except (ServiceException, HTTPException, NotImplementedError) as refused:
            failures[arn] = {
                "StatusCode": 400,
                "ErrorCode": "InvalidParameterException",
                "ErrorMessage": getattr(refused, "message", "") or f"The resource {arn} cannot be tagged.",
            }
    return failures


def _backend_of(tagging: Any, arn: str) -> Any:
    """Return moto's backend of a resource, which must be there if it is a log group or EC2's."""
    account, region = tagging.account_id, tagging.region_name
    _, is_group, group = arn.partition(":log-group:")
    absent = is_group and group not in logs_backends[account][region].groups
    if arn.split(":")[2] == "ec2":
        absent = find(ec2_backends[account][region], arn.rpartition("/")[2]) is None
    backend = tagging._get_backend_for_resource(arn)
    if backend is None or absent:
        raise _refuse(f"The resource {arn} does not exist or is not supported.")
    return backend


def _tags_of_target(account: str, region: str, arn: str) -> dict[str, str]:
    for targets in applicationautoscaling_backends[account][region].targets.values():
        for target in targets.values():
            if target.arn == arn:
                tags: dict[str, str] = target.__dict__.setdefault("tags", {})
                return tags
    raise _refuse(f"The resource {arn} does not exist.")


def _find_keys(tagging: Any) -> Iterator[str]:
    yield from sorted({key for found in tagging._get_resources_generator() for key in found.tags})


def _find_values(tagging: Any, tag_key: str) -> Iterator[str]:
    found = tagging._get_resources_generator()
    yield from sorted({resource.tags[tag_key] for resource in found if tag_key in resource.tags})
