"""CloudTrail's event history, asked who changed what a round has found otherwise than the file."""

from reconciler.aws.trail.authors import find_authors
from reconciler.aws.trail.ours import Ours
from reconciler.aws.trail.pace import FOR_A_ROUND, Pace
from reconciler.aws.trail.window import Window, ask_again

__all__ = ["ACTIONS", "FOR_A_ROUND", "Ours", "Pace", "Window", "ask_again", "find_authors"]

ACTIONS = frozenset(
    {"cloudtrail:LookupEvents"}
)  # that `--who` needs, with the resource `*` (no other is known)
