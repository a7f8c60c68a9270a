"""What a policy is for, and which actions that needs."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import Enum

from reconciler.model.spec import Spec
from reconciler.resources import KINDS
from reconciler.resources.kind import COMMON_ACTIONS
from reconciler.rights.reads import READ_ROWS
from reconciler.rights.row import Row
from reconciler.rights.writes import WRITE_ROWS


class Use(Enum):
    """A use of a platform file."""

    PLAN = "plan"
    APPLY = "apply"
    DESTROY = "destroy"
    DRIFT = "drift"
    CORRECT = "correct"

    @property
    def writes(self) -> bool:
        """Whether it creates and updates resources."""
        return self in (Use.APPLY, Use.CORRECT)

    @property
    def deletes(self) -> bool:
        """Whether it deletes whole resources."""
        return self in (Use.APPLY, Use.DESTROY)


def actions_of_types(kinds: Iterable[str]) -> frozenset[str]:
    """Return the actions that these resource types ask for."""
    return frozenset(action for kind in kinds for action in KINDS[kind].actions)


def allowed_reads() -> frozenset[str]:
    """Return the actions of all reads: every run reads all types, as what left the file may be of any."""
    every = actions_of_types(KINDS) | COMMON_ACTIONS
    return every & {action for row in READ_ROWS for action in row.actions(row.reads)}


def allowed_writes(use: Use, row: Row, specs: Iterable[Spec]) -> AbstractSet[str]:
    """Return the actions of a row of writes: of the types in the file, or of all for deletions."""
    found: AbstractSet[str] = frozenset()
    if use.writes:
        found = row.actions(row.writes) & actions_of_types({spec.kind for spec in specs})
    if use.deletes:
        found |= row.actions(row.deletes) & actions_of_types(KINDS)
    return found


def rows_for(use: Use, specs: Iterable[Spec]) -> list[tuple[Row, AbstractSet[str]]]:
    """Return the rows of writes that a use needs, with the actions that it needs of each."""
    specs = tuple(specs)
    return [(row, actions) for row in WRITE_ROWS if (actions := allowed_writes(use, row, specs))]
