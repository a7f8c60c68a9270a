"""The index of the Resource Groups Tagging API: which resources have a stack's tag, a hundred in a page.

It lags: new resources are missing for a while, deleted ones stay for minutes (cdk-real-drift#1112, #1463).
So it is believed only where it says that tags are as desired, or that nothing of a type is there: see
docs/decisions/0017.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.tags import STACK, Tags, parse

RESOURCES_PER_PAGE = 100  # AWS's most


@dataclass(frozen=True)
class TagIndex:
    """The tags of the resources that have the stack's tag, by ARN."""

    tags_by_arn: Mapping[str, Tags]

    def shows(self, indexed_as: str | tuple[str, ...]) -> bool:
        """Tell whether it has a resource of one of these services and types, such as `ecs:cluster/`."""
        return any(_shorten(arn).startswith(indexed_as) for arn in self.tags_by_arn)


def search_for(stack: str) -> dict[str, Any]:
    """Return the parameters of the GetResources that finds what has the tag of this stack."""
    return {"TagFilters": [{"Key": STACK, "Values": [stack]}], "ResourcesPerPage": RESOURCES_PER_PAGE}


def parse_index(pages: Iterable[Mapping[str, Any]]) -> TagIndex:
    """Return the index, given all pages of that GetResources."""
    found = (resource for page in pages for resource in page.get("ResourceTagMappingList", ()))
    return TagIndex({resource["ResourceARN"]: parse(resource.get("Tags")) for resource in found})


def _shorten(arn: str) -> str:
    """Return the service and the resource of an ARN, without partition, region and account."""
    _, _, service, _, _, resource = arn.split(":", 5)
    return f"{service}:{resource}"
