"""The lines on which the values of a platform are written, for messages that name the line to change."""

from dataclasses import dataclass, field

from desired_state.merge import NAMED_PARTS
from desired_state.tree import At, Located

NOWHERE = At("", 0)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the files hold the values of a platform; all are equal, so that platforms are compared by value."""

    tree: Located = field(
        default=Located({}, NOWHERE), compare=False, repr=False
    )  # overlay and defaults merged

    def find(self, *keys: str | int) -> str | None:
        """Return "path:line" of the value at these keys or, if nobody wrote it, of the nearest key above it.

        Return None for a service (listener, provider, subnet tier) that the files do not name, where nothing is
        written at all, and for values that no file holds (--env, the region of the AWS configuration).
        """
        node, at = self.tree, NOWHERE
        for depth, key in enumerate(keys):
            child = node.child(key)
            if child is None:
                at = NOWHERE if keys[:depth] in NAMED_PARTS else at
                break
            node, at = child, child.at
        return f"{at.path}:{at.line}" if at.line else None
