"""Pages as AWS makes them, where moto answers with everything: without a paginator the rest is not seen."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.ecr.responses import ECRResponse
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.responses import ELBV2Response
from moto.iam.responses import IamResponse

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap


@dataclass(frozen=True)
class Style:
    """How a service pages: names of its parameters and members, and how much makes a page."""

    response: Any  # moto's class
    size: str  # the parameter that asks for a page of so many
    begin: str  # the parameter that says where it begins
    more: str  # the member that says where the next one begins
    usual: int  # a page, unless asked for
    most: int
    invalid: str  # the code for a bad size or token


ECS = Style(
    EC2ContainerServiceResponse, "maxResults", "nextToken", "nextToken", 100, 100, "InvalidParameterException"
)
ECR = Style(ECRResponse, "maxResults", "nextToken", "nextToken", 100, 1000, "InvalidParameterException")
ELB = Style(ELBV2Response, "PageSize", "Marker", "NextMarker", 400, 400, "ValidationError")
IAM = Style(IamResponse, "MaxItems", "Marker", "Marker", 100, 1000, "ValidationError")
ALARMS = Style(CloudWatchResponse, "MaxRecords", "NextToken", "NextToken", 50, 100, "InvalidNextToken")

# Operation, and the member of its answer that is cut into pages.
PAGES = (
    (ECS, "list_task_definitions", "taskDefinitionArns"),
    (ECS, "list_task_definition_families", "families"),
    (ECR, "describe_repositories", "repositories"),
    (ECR, "describe_images", "imageDetails"),
    (ECR, "list_images", "imageIds"),
    (ELB, "describe_load_balancers", "LoadBalancers"),
    (ELB, "describe_target_groups", "TargetGroups"),
    (ELB, "describe_listeners", "Listeners"),
    (ELB, "describe_rules", "Rules"),
    (IAM, "list_role_policies", "PolicyNames"),
    (IAM, "get_account_authorization_details", "RoleDetailList"),
    (ALARMS, "describe_alarms", "MetricAlarms"),
)


def install() -> None:
    for style, action, around in _WRAPPERS:
        wrap(style.response, action, around)


def _page(style: Style, member: str, original: Any, response: Any) -> Any:
    size = int(response._get_param(style.size) or style.usual)
    begin = str(response._get_param(style.begin) or 0)
    if not 1 <= size <= style.most or not begin.isdecimal():
        raise Refusal(style.invalid, f"Invalid {style.size} or {style.begin}")
    if style is ELB:
        _ask_for_all(response)
    answer = original(response)
    items, start = list(answer.result[member]), int(begin)
    more = start + size < len(items)
    answer.result[member] = items[start : start + size]
    answer.result[style.more] = str(start + size) if more else None
    if "IsTruncated" in answer.result:
        answer.result["IsTruncated"] = more
    return answer


def _ask_for_all(response: Any) -> None:
    """Here moto makes pages of its own, of another size."""
    rest = {key: value for key, value in response.params.items() if key != ELB.begin}
    response.params = {**rest, ELB.size: 1_000_000}


_WRAPPERS = tuple((style, action, partial(_page, style, member)) for style, action, member in PAGES)
