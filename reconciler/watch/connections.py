"""Connections of a watch: the stacks of one account and region share boto3's clients, and the turns of reads.

The credentials are those of the process, so they are the same for all. Each stack has its own name in AWS's
records, lease and silence (see `Aws.for_run`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from desired_state.platform import Platform
from reconciler.aws.client import Aws
from reconciler.aws.turns import Turns
from reconciler.target import Connected, Target, connect_anew, connect_for

Place = tuple[str | None, str | None, str | None]
"""The endpoint of an embedded AWS, whose account the file says, or None twice; and the region."""


@dataclass
class Shared:
    """What the stacks of one place share."""

    aws: Aws
    well: bool = True  # the last round that ended with it has not failed


@dataclass
class Connections:
    """The connections of all stacks. Rounds of different stacks use it."""

    on_connect: Callable[[Aws], object] = lambda _aws: None  # is given a connection before its clients are made
    _shared: dict[Place, Shared] = field(default_factory=dict)
    _turns: dict[tuple[str | None, str], Turns] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def connect(self, target: Target, platform: Platform, last: Connected | None, *, failed: bool) -> Connected:
        """Return a connection for a round: the last one of its stack, if that is still right.

        After a round that failed all stacks get new clients, as their credentials or endpoint may be what
        failed, unless a round of another stack was good with the same ones since. Raises `RunRefused`.
        """
        with self._lock:
            place = (target.endpoint, target.endpoint and platform.account, platform.region)
            shared = self._shared.get(place)
            if shared is None or (failed and not shared.well and last and _shares(last.aws, shared.aws)):
                shared = self._shared[place] = Shared(connect_anew(target, platform))
                self.on_connect(shared.aws)
            turns = self._turns.setdefault((platform.account, shared.aws.region), Turns())
        if last and _shares(last.aws, shared.aws) and last.platform.stack == platform.stack:
            return Connected(last.aws, platform, turns)
        return Connected(connect_for(target, platform, shared.aws), platform, turns)

    def note(self, connected: Connected, *, well: bool) -> None:
        """Take note that a round has ended with a connection."""
        with self._lock:
            for shared in self._shared.values():
                if _shares(connected.aws, shared.aws):
                    shared.well = well


def _shares(some: Aws, others: Aws) -> bool:
    return some.shared is others.shared
