"""Pages as in AWS, for lists that moto answers as a whole: clients have to ask for further pages."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.acm.responses import AWSCertificateManagerResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.ecr.responses import ECRResponse
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.responses import ELBV2Response
from moto.iam.responses import IamResponse

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap


@dataclass(frozen=True)
class PageStyle:
    """The names of a service's parameters and members for paging, and the sizes of its pages."""

    response: Any  # moto's response class
    size: str  # the parameter for the number of items
    begin: str  # the parameter for the token
    more: str  # the member for the token of the next page
    usual: int  # items of a page, if the size is not sent
    most: int  # items of a page
    invalid: str  # the error code for an invalid size or token


ECS = PageStyle(
    EC2ContainerServiceResponse, "maxResults", "nextToken", "nextToken", 100, 100, "InvalidParameterException"
)
ECR = PageStyle(ECRResponse, "maxResults", "nextToken", "nextToken", 100, 1000, "InvalidParameterException")
ELB = PageStyle(ELBV2Response, "PageSize", "Marker", "NextMarker", 400, 400, "ValidationError")
IAM = PageStyle(IamResponse, "MaxItems", "Marker", "Marker", 100, 1000, "ValidationError")
ALARMS = PageStyle(CloudWatchResponse, "MaxRecords", "NextToken", "NextToken", 50, 100, "InvalidNextToken")
ACM = PageStyle(
    AWSCertificateManagerResponse, "MaxItems", "NextToken", "NextToken", 1000, 1000, "InvalidArgsException"
)

# Operations, and the member of each answer that is cut into pages.
PAGED_ACTIONS = (
    (ECS, "list_task_definitions", "taskDefinitionArns"),
    (ECS, "list_task_definition_families", "families"),
    (ECR, "describe_repositories", "repositories"),
    (ECR, "describe_images", "imageDetails"),
    (ECR, "list_images", "imageIds"),
    (ELB, "describe_load_balancers", "LoadBalancers"),
    (ELB, "describe_target_groups", "TargetGroups"),
    (ELB, "describe_listeners", "Listeners"),
    (ELB, "describe_rules", "Rules"),
    (ELB, "describe_listener_certificates", "Certificates"),
    (ELB, "describe_ssl_policies", "SslPolicies"),
    (ELB, "describe_account_limits", "Limits"),
    (IAM, "list_roles", "Roles"),
    (IAM, "list_role_tags", "Tags"),
    (IAM, "list_role_policies", "PolicyNames"),
    (IAM, "list_attached_role_policies", "AttachedPolicies"),
    (IAM, "list_policies", "Policies"),
    (IAM, "list_policy_tags", "Tags"),
    (IAM, "list_policy_versions", "Versions"),
    (IAM, "list_instance_profiles", "InstanceProfiles"),
    (IAM, "list_instance_profiles_for_role", "InstanceProfiles"),
    (IAM, "get_account_authorization_details", "RoleDetailList"),
    (ALARMS, "describe_alarms", "MetricAlarms"),
    (ACM, "list_certificates", "CertificateSummaryList"),
)


def install() -> None:
    for style, action, around in _WRAPPERS:
        wrap(style.response, action, around)


def _page(style: PageStyle, member: str, original: Any, response: Any) -> Any:
    size = int(response._get_param(style.size) or style.usual)
    begin = str(response._get_param(style.begin) or 0)
    if not 1 <= size <= style.most or not begin.isdecimal():
        raise Refusal(style.invalid, f"Invalid {style.size} or {style.begin}")
    if style in (ELB, IAM):
        _ask_for_all(style, response)
    answer = original(response)
    items, start = list(answer.result[member]), int(begin)
    more = start + size < len(items)
    answer.result[member] = items[start : start + size]
    answer.result[style.more] = str(start + size) if more else None
    if style is IAM:
        answer.result["IsTruncated"] = more
    return answer


def _ask_for_all(style: PageStyle, response: Any) -> None:
    """Ask moto for all items: its own pages for ELBv2 have another size, those of IAM another end."""
    rest = {key: value for key, value in response.params.items() if key != style.begin}
    response.params = {**rest, style.size: 1_000_000}


_WRAPPERS = tuple((style, action, partial(_page, style, member)) for style, action, member in PAGED_ACTIONS)
