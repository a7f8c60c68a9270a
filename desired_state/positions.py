"""The lines on which the values of a platform are written, for messages that name the line to change."""

from dataclasses import dataclass, field

from desired_state.merge import is_named_part
from desired_state.tree import Located, Position

NO_POSITION = Position("", 0)


@dataclass(frozen=True, slots=True)
class Positions:
    """The merged tree of a platform, with positions; all are equal, so that platforms compare by value only."""

    tree: Located = field(default=Located({}, NO_POSITION), compare=False, repr=False)

    def find(self, *keys: str | int) -> str | None:
        """Return "path:line" of the value at these keys or, if it is not written, of the nearest key above it.

        Return None if no key on the way is written, for a service, listener, capacity provider or subnet tier
        that the files do not name, and for values from outside of the files (--env, boto3's region).
        """
        node, at = self.tree, NO_POSITION
        for depth, key in enumerate(keys):
            child = node.child(key)
            if child is None:
                at = NO_POSITION if is_named_part(keys[:depth]) else at
                break
            node, at = child, child.at
        return f"{at.path}:{at.line}" if at.line else None
