"""The tags that say who owns a resource, and tags in the shapes that the AWS services take."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call

OWN_PREFIX = "ecs-reconciler:"  # of the keys that the engine sets for itself
STACK = "ecs-reconciler:stack"  # <platform>/<environment>/<region>
NAME = "ecs-reconciler:name"  # the resource's name in the plan
SERVICE = "ecs-reconciler:service"  # the service of the platform that the resource belongs to
PROTECT = "ecs-reconciler:protect"  # "true": never deleted before this tag is changed

Tags = dict[str, str]
Style = Literal["Key", "key", "mapping"]  # see `encode`


@dataclass(frozen=True)
class Tagging:
    """Describes the call by which one AWS service tags resources."""

    service: str  # boto3's name of it
    operation: str  # the client's method
    resource: str  # the parameter that takes the resource
    tags: str = "Tags"  # the parameter that takes the tags
    style: Style = "Key"
    attr: str = "arn"  # the output that identifies the resource in this call
    many: bool = False  # the call takes a list of resources

    def call(self, resource: Any, tags: Mapping[str, str]) -> Call:
        """Return the call that sets these tags and leaves all others."""
        params = {self.resource: [resource] if self.many else resource, self.tags: encode(tags, self.style)}
        return Call(self.service, self.operation, params)


@dataclass(frozen=True)
class OwnerMark:
    """Describes how the owner is written into a resource itself, as no list shows its tags."""

    write: Callable[[Any, str], Any]
    """Return the spec with the stack as its owner, given the spec and the stack's name."""
    tagging: Tagging
    """The call that also tags it. The tags decide if the mark was removed."""


EC2 = Tagging("ec2", "create_tags", "Resources", attr="id", many=True)
ECS = Tagging("ecs", "tag_resource", "resourceArn", "tags", "key")
ECR = Tagging("ecr", "tag_resource", "resourceArn", "tags")
ELB = Tagging("elbv2", "add_tags", "ResourceArns", attr="id", many=True)
IAM_ROLE = Tagging("iam", "tag_role", "RoleName", attr="id")
CLOUDWATCH = Tagging("cloudwatch", "tag_resource", "ResourceARN")
LOGS = Tagging("logs", "tag_resource", "resourceArn", "tags", "mapping")
CLOUD_MAP = Tagging("servicediscovery", "tag_resource", "ResourceARN")
EVENTS = Tagging("events", "tag_resource", "ResourceARN")
SCHEDULE_GROUP = Tagging("scheduler", "tag_resource", "ResourceArn")
SQS = Tagging("sqs", "tag_queue", "QueueUrl", style="mapping", attr="id")


def owner_tags(stack: str, name: str, service: str | None = None) -> Tags:
    """Return the tags that say which stack and service own a resource, and its name in the plan."""
    return {STACK: stack, NAME: name} | ({SERVICE: service} if service else {})


def is_own(key: str) -> bool:
    """Tell whether it is a tag of the engine itself, not of the file."""
    return key.startswith(OWN_PREFIX)


def encode(tags: Mapping[str, str], style: Style = "Key") -> Any:
    """Return the tags as a service takes them: [{Key, Value}], [{key, value}] or the mapping itself."""
    if style == "mapping":
        return dict(sorted(tags.items()))
    value = "Value" if style == "Key" else "value"
    return [{style: k, value: v} for k, v in sorted(tags.items())]


def parse(tags: Iterable[Mapping[str, str]] | Mapping[str, str] | None) -> Tags:
    """Return tags in any service's shape as a mapping, without AWS's own (`aws:`)."""
    if isinstance(tags, Mapping):
        pairs = list(tags.items())
    else:
        pairs = [(t.get("Key") or t["key"], t.get("Value", t.get("value", ""))) for t in tags or ()]
    return {k: v for k, v in pairs if not k.startswith("aws:")}


def on_ec2(resource_type: str, want: Spec) -> dict[str, Any]:
    """Return the parameter that tags an EC2 resource in the call that creates it."""
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": encode(want.tags)}]}


def filters(stack: str) -> list[dict[str, Any]]:
    """Return the `Filters` of an EC2 call that find the resources of this stack."""
    return [{"Name": f"tag:{STACK}", "Values": [stack]}]


def owner(tags: Mapping[str, str]) -> str | None:
    """Return the stack that owns a resource with these tags; None if no tag names one."""
    return tags.get(STACK) or None


def owner_of_nameless(tags: Mapping[str, str]) -> str | None:
    """Return the owner of a resource that has no name in AWS; None if it also lacks the name tag."""
    return owner(tags) if NAME in tags else None


def service(spec: Spec) -> str | None:
    """Return the service of the platform that a resource belongs to, by its field or else by its tag."""
    return spec.service or spec.tags.get(SERVICE)


def missing(want: Spec, live: Spec) -> Tags:
    """Return the tags of `want` that `live` lacks or has with another value."""
    return {k: v for k, v in want.tags.items() if live.tags.get(k) != v}


def retag(tagging: Tagging, want: Spec, live: Live[Any]) -> Iterator[Call]:
    """Yield the call that sets the tags that differ; nothing if none does."""
    if lacking := missing(want, live.spec):
        yield tagging.call(want.ref(tagging.attr), lacking)
