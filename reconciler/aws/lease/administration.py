"""What people do with leases beside the runs: read one, break one, and delete the table of them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

from reconciler.aws.clock import Clock, awake_and_asleep
from reconciler.aws.lease import item, persistently, require_readable, table
from reconciler.aws.lease.process import this_process
from reconciler.aws.lease.protocol import LOOK_EVERY, Decision, Watch
from reconciler.aws.lease.words import describe
from reconciler.errors import RunRefused
from reconciler.model.lease import Holder, Record

BREAK = "lease break"  # the command of a holder that has broken another's lease


@dataclass(frozen=True)
class Leases:
    """The lease of a stack and the table that it is in, for a person with these credentials."""

    client: Any
    stack: str
    actor: str  # the ARN of the credentials
    clock: Clock = field(default_factory=lambda: awake_and_asleep(Event()))

    def read(self) -> Record:
        """Read the record of the stack. Raises `RunRefused` for one that no run can take over."""
        record = persistently(self.clock, partial(item.read, self.client, self.stack))
        require_readable(record)
        return record

    def take_from(self, holder: Holder) -> None:
        """Break the lease of this holder.

        It is taken, and not renewed: the next run takes it over after the lease time. By then the former holder
        has learned of it, or has stopped writing without learning of it.
        """
        mine = this_process(BREAK, self.actor)
        put = partial(item.put_holder, self.client, self.stack, mine, {"run": holder.run}, broken=True)
        if found := persistently(self.clock, put):
            now = f"held by {describe(found.holder)}" if found.holder else "given back"
            raise RunRefused(f"the lease is {now} by now: nothing was changed")

    def require_none_held(self, notify: Callable[[str], object]) -> None:
        """Raise `RunRefused` if a run of any stack of the region holds a lease and lives.

        That takes the lease time, if there is a record of one; `notify` is told.
        """
        watches: dict[str, Watch] = {}
        while held := persistently(self.clock, lambda: [*table.held_records(self.client)]):
            now = self.clock.now()
            if not watches:
                notify(f"waiting up to a minute, to see which of these runs live:\n{_list(held)}")
            watches = {r.stack: watches.get(r.stack, Watch(0)).saw(r, now) for r in held}
            decisions = {r.stack: watches[r.stack].decide(now) for r in held}
            if living := [r for r in held if decisions[r.stack] is Decision.GIVE_UP]:
                raise RunRefused(f"the table is in use:\n{_list(living)}")
            if {*decisions.values()} == {Decision.TAKE_OVER}:
                return
            self.clock.rest(LOOK_EVERY)

    def uninstall(self) -> bool:
        """Delete the table; return whether there was one."""
        return persistently(self.clock, partial(table.delete_table, self.client))


def _list(held: Iterable[Record]) -> str:
    return "\n".join(f"{record.stack}: {describe(record.holder)}" for record in held if record.holder)
