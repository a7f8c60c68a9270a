"""The calls that change a resource, as CloudTrail records them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TAGS = "tags"  # the field of the tags, whose calls are others'


@dataclass(frozen=True)
class TouchedBy:
    """Says by which events CloudTrail tells who changed a resource of a type.

    Calls have the API's names (`UpdateService`), parameters CloudTrail's, with a small first letter.
    """

    source: str
    """The AWS service that records them, such as `ecs.amazonaws.com`."""
    named_by: Mapping[str, str]
    """The request's parameters that name the resource, each with the output that it holds (`service` -> `id`).
    It may hold the name or the ARN, and may stand anywhere in the request."""
    made_by: tuple[str, ...] = ()
    deleted_by: tuple[str, ...] = ()
    changed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The calls that change each field, the likeliest first; those of "" change any other. None: no call does,
    as of what a deletion elsewhere has changed."""
    ended_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The calls that take an item from the resource and name neither of them, but an id of their tie; with each
    the calls that made such ties, which name the resource and are answered the id."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameter that holds a field, or names its key: a call without it, or of another key, is not meant.
    A field that is not here may be changed by any of its calls."""
    within: Mapping[str, str] = field(default_factory=dict)
    """The parameters that name what the resource is in, each with the output whose ARN has that name too."""
    found_by: str = ""
    """The output by whose value CloudTrail finds events (ResourceName): only EC2's ids and the names of roles.
    Empty: events are asked for by their names, and compared."""
    nameless: bool = False
    """True: calls know it by an id that AWS made. One that is gone is known by the tags it was made with."""
    is_global: bool = False
    """True: the events are in us-east-1 (its counterpart in other partitions), as for IAM."""

    @property
    def events(self) -> frozenset[str]:
        """All calls that make, change or delete such a resource."""
        changes = (name for names in self.changed_by.values() for name in names)
        return frozenset({*self.made_by, *self.deleted_by, *changes})

    def changes_of(self, name: str) -> tuple[str, ...]:
        """Return the calls that change the field of this name."""
        return self.changed_by.get(name, self.changed_by.get("", ()))
