"""Show on the terminal that a run is still reading, until it prints what it has found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.aws.tally import Tally
from reconciler.cli.signals import Stop
from reconciler.cli.terminal import print_message
from reconciler.render.drawing import draw_status
from reconciler.render.reading import describe_reading


@dataclass
class Reading:
    """The reading of a run, as it is shown."""

    tally: Tally
    end: Callable[[], object] = lambda: None  # erases what is drawn, for good
    _said: tuple[str, int] = ("", 0)  # the last message, and the number of answers at that time

    def notify(self, message: str) -> None:
        """Print a message about why the run takes long."""
        self._said = message.splitlines()[-1], self.tally.answered
        print_message(message)

    def words(self) -> str:
        """Say what the run waits for: a lease, say, while AWS is asked nothing else."""
        message, answered = self._said
        waits = message and answered == self.tally.answered and not self.tally.to_come
        return message if waits else describe_reading(self.tally)


@contextmanager
def show_reading(tally: Tally, stop: Stop) -> Iterator[Reading]:
    """Show what is read, from a second on, until the block ends or the reading is said to end."""
    reading = Reading(tally)
    with draw_until_stopped(reading.words, stop) as erase:
        reading.end = erase
        yield reading


@contextmanager
def draw_until_stopped(words: Callable[[], str], stop: Stop) -> Iterator[Callable[[], None]]:
    """Show a line as `draw_status` does, until a signal stops the run, too."""
    with draw_status(words) as erase:

        def print_last(message: str) -> None:
            erase()  # the signal ends the process as it is, and would leave what is drawn
            print_message(message)

        stop.print_message = print_last
        yield erase
