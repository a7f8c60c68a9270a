"""Whose a resource is, in tags; and tags in the shapes the services want them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call

STACK = "ecs-reconciler:stack"  # <platform>/<environment>/<region>
NAME = "ecs-reconciler:name"  # the resource's name in the plan
SERVICE = "ecs-reconciler:service"  # the service of the platform that the resource belongs to
PROTECT = "ecs-reconciler:protect"  # "true": never deleted before this tag is changed

Tags = dict[str, str]
Style = Literal["Key", "key", "mapping"]


@dataclass(frozen=True)
class Tagging:
    """How one AWS service tags: the call, its parameters, and what it calls the resource by."""

    service: str
    operation: str
    resource: str
    tags: str = "Tags"
    style: Style = "Key"
    attr: str = "arn"  # the output that names the resource in this call
    many: bool = False  # the call takes a list of resources

    def call(self, resource: Any, tags: Mapping[str, str]) -> Call:
        """The call that puts these tags on, and leaves all others."""
        params = {self.resource: [resource] if self.many else resource, self.tags: encode(tags, self.style)}
        return Call(self.service, self.operation, params)


@dataclass(frozen=True)
class OwnerMark:
    """How a resource that AWS cannot tag is marked as a stack's: `write(spec, stack)` gives the spec with its mark."""

    write: Callable[[Any, str], Any]


EC2 = Tagging("ec2", "create_tags", "Resources", attr="id", many=True)
ECS = Tagging("ecs", "tag_resource", "resourceArn", "tags", "key")
ECR = Tagging("ecr", "tag_resource", "resourceArn", "tags")
ELB = Tagging("elbv2", "add_tags", "ResourceArns", attr="id", many=True)
IAM_ROLE = Tagging("iam", "tag_role", "RoleName", attr="id")
LOGS = Tagging("logs", "tag_resource", "resourceArn", "tags", "mapping")
CLOUD_MAP = Tagging("servicediscovery", "tag_resource", "ResourceARN")


def encode(tags: Mapping[str, str], style: Style = "Key") -> Any:
    """Tags as a service takes them: [{Key, Value}], [{key, value}] or the mapping itself."""
    if style == "mapping":
        return dict(sorted(tags.items()))
    value = "Value" if style == "Key" else "value"
    return [{style: k, value: v} for k, v in sorted(tags.items())]


def parse(tags: Iterable[Mapping[str, str]] | Mapping[str, str] | None) -> Tags:
    """A mapping, of tags in any service's shape; AWS's own (`aws:`) are left out."""
    if isinstance(tags, Mapping):
        pairs = list(tags.items())
    else:
        pairs = [(t.get("Key") or t["key"], t.get("Value", t.get("value", ""))) for t in tags or ()]
    return {k: v for k, v in pairs if not k.startswith("aws:")}


def on_ec2(resource_type: str, want: Spec) -> dict[str, Any]:
    """The parameter that tags an EC2 resource in the very call that makes it."""
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": encode(want.tags)}]}


def filters(stack: str) -> list[dict[str, Any]]:
    """What EC2 calls a filter: what bears the tag of this stack."""
    return [{"Name": f"tag:{STACK}", "Values": [stack]}]


def owner(tags: Mapping[str, str]) -> str | None:
    """The stack that these tags name."""
    return tags.get(STACK)


def owner_of_nameless(tags: Mapping[str, str]) -> str | None:
    """The same for what AWS gives no name: without the name tag it cannot be told which one it is."""
    return tags.get(STACK) if NAME in tags else None


def service(spec: Spec) -> str | None:
    """Return the service of the platform that a resource belongs to, by its field or, of a live one, by its tag."""
    return spec.service or spec.tags.get(SERVICE)


def missing(want: Spec, live: Spec) -> Tags:
    """The tags of `want` that `live` lacks, or has with another value."""
    return {k: v for k, v in want.tags.items() if live.tags.get(k) != v}


def retag(tagging: Tagging, want: Spec, live: Live[Any]) -> Iterator[Call]:
    """Put right what differs in the tags; nothing, if nothing does."""
    if lacking := missing(want, live.spec):
        yield tagging.call(want.ref(tagging.attr), lacking)
