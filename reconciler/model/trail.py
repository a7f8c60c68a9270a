"""The calls that change a resource, as CloudTrail records them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TouchedBy:
    """Says by which events CloudTrail tells who changed a resource of a type."""

    source: str
    """The AWS service that records them, such as `ecs.amazonaws.com`."""
    named_by: Mapping[str, str]
    """The request's parameters that name the resource, each with the output that it holds (`service` -> `id`);
    it may hold the name or the ARN."""
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The calls that change each field; those of "" create and delete it, or change any field."""
    found_by: str = ""
    """The output by whose value CloudTrail finds events (ResourceName): only EC2's ids and the names of roles.
    Empty: events are asked for by their names, and compared."""
    is_global: bool = False
    """True: the events are in us-east-1 (its counterpart in other partitions), as for IAM."""
