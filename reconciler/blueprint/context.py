"""What every part of the blueprint is drawn with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from desired_state.names import Names
from desired_state.platform import Platform
from reconciler.model import tags
from reconciler.model.spec import Spec
from reconciler.resources import KINDS

if TYPE_CHECKING:
    from reconciler.blueprint.facts import Facts

S = TypeVar("S", bound=Spec)


@dataclass(frozen=True)
class Context:
    """A platform and where it will stand."""

    platform: Platform
    facts: "Facts"

    @property
    def names(self) -> Names:
        """What everything is called."""
        return self.platform.names

    @property
    def stack(self) -> str:
        """Value of the tag that says whose a resource is."""
        return self.platform.stack

    def spec(self, spec: type[S], name: str, *, protect: bool | None = None, **fields: Any) -> S:
        """A spec with the tags that its kind can carry. `protect` is kept in AWS, where a shorter file cannot hide it."""
        marks: dict[str, str] = {}
        if tagging := KINDS[spec.kind].tagging:
            marks = {**self.platform.tags, tags.STACK: self.stack, tags.NAME: name}
            marks |= {"Name": name} if tagging is tags.EC2 else {}
            marks |= {} if protect is None else {tags.PROTECT: str(protect).lower()}
        return spec(name=name, tags=marks, **fields)
