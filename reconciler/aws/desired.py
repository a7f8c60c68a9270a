"""The desired specs, as reads look them up: by their names in the plan, and by their names in AWS."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from reconciler.model.spec import S, Spec, parts


@dataclass(frozen=True)
class Desired:
    """The desired specs of some resource types."""

    by_kind: Mapping[str, Mapping[str, Spec]] = field(default_factory=dict)  # kind -> name in the plan -> spec

    def of(self, cls: type[S]) -> Mapping[str, S]:
        """Return the specs of this type, by their names in the plan."""
        return cast("Mapping[str, S]", self.by_kind.get(cls.kind, {}))

    def names(self, kind: str) -> frozenset[str]:
        """Return the names in AWS of the resources of this kind."""
        return self._names.get(kind, frozenset())

    def find(self, kind: str, name: str) -> Spec | None:
        """Return the spec of the resource of this kind with this name in AWS; None if it is not desired."""
        return self._by_name.get(kind, {}).get(name)

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Spec]]:
        return {k: {s.physical_name: s for s in specs.values()} for k, specs in self.by_kind.items()}

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        return {kind: frozenset(specs) for kind, specs in self._by_name.items()}


def index_specs(specs: Iterable[Spec]) -> Desired:
    """Return these specs, and those of the resources that they consist of, for looking them up."""
    by_kind: dict[str, dict[str, Spec]] = {}
    for spec in parts(specs).values():
        by_kind.setdefault(spec.kind, {})[spec.name] = spec
    return Desired(by_kind)
