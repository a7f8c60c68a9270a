"""What every part of the blueprint is drawn with."""

from dataclasses import dataclass
from typing import Any

from desired_state.names import Names
from desired_state.platform import Platform
from reconciler.blueprint.facts import Facts
from reconciler.model import tags
from reconciler.model.spec import S
from reconciler.resources import KINDS


@dataclass(frozen=True)
class Context:
    """A platform and where it will stand."""

    platform: Platform
    facts: Facts

    @property
    def names(self) -> Names:
        """What everything is called."""
        return self.platform.names

    @property
    def stack(self) -> str:
        """Value of the tag that says whose a resource is."""
        return self.platform.stack

    def spec(
        self,
        spec: type[S],
        name: str,
        *,
        service: str | None = None,
        protect: bool | None = None,
        **fields: Any,
    ) -> S:
        """Return a spec with the tags that its kind can carry: its service and `protect` are kept in AWS too.

        So they are known of a service that has left the file.
        """
        own: dict[str, str] = {}
        if tagging := KINDS[spec.kind].tag_call:
            own = {**self.platform.tags, tags.STACK: self.stack, tags.NAME: name}
            own |= {"Name": name} if tagging is tags.EC2 else {}
            own |= {tags.SERVICE: service} if service else {}
            own |= {} if protect is None else {tags.PROTECT: str(protect).lower()}
        return spec(name=name, tags=own, service=service, **fields)
