"""The context of the whole blueprint: the platform, the facts, and the tags of every spec."""

from dataclasses import dataclass
from typing import Any

from desired_state.names import Names
from desired_state.platform import Platform
from desired_state.tree import KeyPath, format_key
from reconciler.blueprint.facts import Facts
from reconciler.model import tags
from reconciler.model.references import Ref
from reconciler.model.spec import S
from reconciler.resources import KINDS


@dataclass(frozen=True)
class Context:
    """A platform, and its account, region and zones."""

    platform: Platform
    facts: Facts

    @property
    def names(self) -> Names:
        """The names of all resources."""
        return self.platform.names

    @property
    def stack(self) -> str:
        """The value of the tag that says who owns a resource."""
        return self.platform.stack

    def existing(self, kind: str, where: KeyPath, attr: str = "id") -> Ref:
        """Return a Ref to an output of what exists already, given the place of the file that names it.

        Where AWS was not asked, its value is that place.
        """
        known = self.facts.existing
        return Ref(kind, format_key(where) if known is None else known[where][attr], attr, by_id=True)

    def spec(
        self,
        spec: type[S],
        name: str,
        *,
        service: str | None = None,
        protect: bool | None = None,
        **fields: Any,
    ) -> S:
        """Return a spec of this type with all of its tags, if AWS can tag its kind.

        The tags hold its service and `protect`, which can so be read after the service has left the file.
        """
        all_tags: dict[str, str] = {}
        if tagging := KINDS[spec.kind].any_tag_call:
            all_tags = {**self._find_tags(service), **tags.owner_tags(self.stack, name, service)}
            all_tags |= {"Name": name} if tagging is tags.EC2 else {}
            all_tags |= {} if protect is None else {tags.PROTECT: str(protect).lower()}
        return spec(name=name, tags=all_tags, service=service, **fields)

    def _find_tags(self, service: str | None) -> dict[str, str]:
        """Return the tags that the file gives to what belongs to a service, or to all of the platform."""
        settings = self.platform.services.get(service or "")
        return {**self.platform.tags, **(settings.tags if settings else {})}
