"""Watch stacks for ever: their rounds, the board that the page shows, the counters, and what is new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event

from reconciler.watch.board import Board
from reconciler.watch.correcting import UnderWay
from reconciler.watch.loop import Loop
from reconciler.watch.metrics import Metrics, begin_counting, count_round, stop_counting
from reconciler.watch.names import Names
from reconciler.watch.news import tell_news
from reconciler.watch.rounds import Doing, make_round
from reconciler.watch.schedule import Pace
from reconciler.watch.status import StackStatus, find_new_corrections
from reconciler.watch.times import format_time
from reconciler.watch.watched import FILE_CHANGED, Watched

Tell = Callable[[str, str], object]  # is given a stack, and a line of news


@dataclass
class Keeper:
    """What a watch keeps up to date while its rounds are made. Rounds of different stacks share it."""

    stacks: Mapping[str, Watched]  # by label
    doing: Doing
    board: Board
    metrics: Metrics
    tell: Tell
    stop: Event
    names: Names
    under_way: UnderWay  # the corrections that the end of the watch waits for
    learn: Callable[[str, StackStatus], object] = lambda _label, _status: None
    """Is told what each round found, by the label of its stack."""

    def make_loop(self, chance: Callable[[], float]) -> Loop:
        """Return the loop of all rounds, each stack shown as not looked at yet."""
        for watched in self.stacks.values():
            self.board.put(watched.status)
            begin_counting(self.metrics, watched.status.stack)
        paces = {label: Pace(watched.status.every, chance) for label, watched in self.stacks.items()}
        return Loop(paces, self.do_round, self.stop, self.board.turn, self.find_changed, self.show_next)

    def do_round(self, label: str, why: str) -> int:
        """Make a round, show and tell what it found, and return how many in a row have failed."""
        with self.under_way.round():
            return self._do_round(self.stacks[label], label, why)

    def _do_round(self, watched: Watched, label: str, why: str) -> int:
        before = watched.status
        self.board.put(replace(before, next_at=""))
        after = make_round(watched, self.doing, why)
        self.learn(label, after)
        self._rename(before.stack, after.stack)
        self.board.put(after)
        if after.last:
            count_round(self.metrics, after.stack, after.last, find_new_corrections(before, after))
        if before.report and before.stack != after.stack:  # the file names another stack now
            self.tell(before.stack, f"is watched no more: {watched.status.file} is of {after.stack} now")
            before = StackStatus(after.stack, after.every)
        for line in tell_news(before, after):
            self.tell(after.stack, line)
        return after.failures

    def _rename(self, before: str, after: str) -> None:
        """Show the stack under the name that its file gives it, once this is known."""
        if before == after:
            return
        if before not in {watched.status.stack for watched in self.stacks.values()}:  # another file may name it
            self.board.remove(before)
            stop_counting(self.metrics, before)
        begin_counting(self.metrics, after)

    def find_changed(self) -> Mapping[str, str]:
        """Return the stacks whose files were changed since this was asked last, and others that it concerns."""
        changed = {label: FILE_CHANGED for label, watched in self.stacks.items() if watched.has_changed()}
        return {**self.names.take_woken(), **changed}

    def show_next(self, label: str, seconds: float) -> None:
        """Show when the next round of a stack begins."""
        watched = self.stacks[label]
        at = self.doing.date() + timedelta(seconds=seconds)
        watched.status = replace(watched.status, next_at=format_time(at))
        self.board.put(watched.status)

    def statuses(self) -> list[StackStatus]:
        """Return what is known of each stack, for the report at the end."""
        return [watched.status for watched in self.stacks.values()]
