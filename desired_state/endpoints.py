"""The AWS services that a VPC gets endpoints for: those that a file names, or that its private services need.

What tasks on Fargate need without NAT is in the ECS developer guide, "Amazon ECS interface VPC endpoints".
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from desired_state.env_files import is_in_s3
from desired_state.network import PRIVATE
from desired_state.placement import group_by_tier
from desired_state.platform import Platform
from desired_state.service import Service

GATEWAYS = ("s3", "dynamodb")  # the services whose endpoints are gateways, by routes and free
GROUPS = {"ecr": ("ecr.api", "ecr.dkr")}  # words for several services
_IN_ECR = r"\d{12}\.dkr[.-]ecr\.(?P<region>[a-z0-9-]+)\.(amazonaws\.|on\.)\S+"
_NAMED = 3  # services in a reason
# In regions opened since the end of 2023, tasks on Fargate need endpoints of ECS itself too (the same page).
# Which these are, but for ca-west-1, is general knowledge.
_ECS_BY_ENDPOINT = frozenset(
    ("ca-west-1", "ap-southeast-5", "ap-southeast-7", "mx-central-1", "ap-east-2", "ap-southeast-6")
)

Need = tuple[str, str]  # an AWS service, as in its endpoint's name, and what it is needed for


def list_endpoints(platform: Platform) -> Mapping[str, str]:
    """Return the AWS services to have endpoints for, each with why the file's services need it, in words.

    They are named as after `com.amazonaws.REGION.`. One that only the file names has no reason.
    """
    asked, needed = platform.network.endpoints, find_needed(platform)
    if asked == "auto":
        return needed
    named = [name for word in asked for name in GROUPS.get(word, (word,))]
    return {name: needed.get(name, "") for name in named}


def find_needed(platform: Platform) -> Mapping[str, str]:
    """Return the AWS services that tasks in private subnets need to start and to be reached, and why."""
    users: dict[Need, list[str]] = defaultdict(list)
    for name, service in group_by_tier(platform).get(PRIVATE, {}).items():
        for need in _list_needs(service, platform.region):
            users[need].append(name)
    reasons: dict[str, list[str]] = defaultdict(list)
    for (aws_service, what), names in users.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        reasons[aws_service].append(f"{what} of {', '.join(names[:_NAMED])}{more}")
    return {aws_service: "; ".join(told) for aws_service, told in reasons.items()}


def _list_needs(service: Service, region: str | None) -> Iterator[Need]:
    if any(is_in_ecr(image, region) for image in list_images(service)):
        yield from ((name, "images") for name in (*GROUPS["ecr"], "s3"))
    if region in _ECS_BY_ENDPOINT:
        yield from ((name, "tasks") for name in ("ecs", "ecs-agent", "ecs-telemetry"))
    yield "logs", "logs"
    if any(is_in_s3(name) for name in service.env_file):
        yield "s3", "env_file"
    for secret in service.secrets.values():
        yield secret.store, "secrets"
    if service.execute_command:
        yield "ssmmessages", "execute_command"
    if service.tracing.xray:
        yield "xray", "tracing"


def list_images(service: Service) -> tuple[str, ...]:
    """Return the images of a service's containers; an empty text is one in its own repository."""
    xray = service.tracing.xray
    return (service.image.uri or "", *([xray.image] if xray else []))


def is_in_ecr(image: str, region: str | None) -> bool:
    """Tell whether an endpoint leads to an image: it is in ECR, in this region (in any, if it is None)."""
    found = re.fullmatch(_IN_ECR, image)
    return not image or bool(found and region in (None, found["region"]))
