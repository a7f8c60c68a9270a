"""Messages that wait to be sent: each channel has its own, so that none waits for another's failures."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import structlog

from desired_state.drift import Notified
from reconciler.watch.notify.channels import Surroundings, kind_of, name_of, send
from reconciler.watch.notify.failure import Undeliverable
from reconciler.watch.notify.message import Message

log = structlog.get_logger()

MOST_WAITING = 100  # messages of a channel; the oldest are dropped, and counted
FIRST_REST = 5.0  # seconds until the second try; each rest is twice as long as the last
LONGEST_REST = 900.0
MOST_TRIES = 12  # about an hour and a half

Try = Callable[[Notified, Message, Surroundings], None]
Count = Callable[[str, str], object]
"""Is told the kind of a channel, and how a message ended: sent, retried, failed or dropped."""


@dataclass
class Waiting:
    """The messages of one channel that are not sent yet, the oldest first."""

    channel: Notified
    around: Surroundings
    messages: deque[Message] = field(default_factory=deque)
    tries: int = 0  # of the first one
    why: str = ""  # its last try failed
    due: float = 0.0
    ended: bool = False  # the receiver answered 410


@dataclass
class Outbox:
    """The messages of all channels. Rounds put them in, and one thread sends them."""

    count: Count = lambda _kind, _ended: None
    now: Callable[[], float] = time.monotonic
    attempt: Try = send
    _waiting: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _woken: Event = field(default_factory=Event)

    def put(self, channels: Iterable[Notified], around: Surroundings, messages: Iterable[Message]) -> None:
        """Have messages sent to each of the channels of a stack, soon. It neither waits nor raises."""
        messages = tuple(messages)
        with self._lock:
            for channel in channels if messages else ():
                key = (channel.model_dump_json(), around.aws.region)
                waiting = self._waiting.setdefault(key, Waiting(channel, around))
                waiting.around, waiting.ended = around, False
                waiting.messages.extend(messages)
                while len(waiting.messages) > MOST_WAITING:
                    waiting.messages.popleft()
                    self.count(kind_of(channel), "dropped")
        self._woken.set()

    def send_due(self) -> float | None:
        """Try what is due. Return the seconds until something is due again; None if nothing waits."""
        with self._lock:
            waiting = [w for w in self._waiting.values() if w.messages]
        for each in waiting:
            while each.messages and each.due <= self.now():
                self._try_first(each)
        rests = [max(0.0, each.due - self.now()) for each in waiting if each.messages]
        return min(rests, default=None)

    def _try_first(self, waiting: Waiting) -> None:
        message, kind = waiting.messages[0], kind_of(waiting.channel)
        try:
            self.attempt(waiting.channel, message, waiting.around)
        except Undeliverable as failure:
            waiting.tries, waiting.why = waiting.tries + 1, str(failure)
            if failure.again and waiting.tries < MOST_TRIES:
                rest = min(FIRST_REST * 2 ** (waiting.tries - 1), LONGEST_REST)
                waiting.due = self.now() + rest
                self.count(kind, "retried")
                return
            self._tell_failed(waiting, message)
            with self._lock:
                if failure.ends:
                    waiting.messages.clear()
        else:
            self.count(kind, "sent")
        self._drop(waiting, message)

    def give_up(self) -> None:
        """Tell of what waits for a further try that it was not sent, as the process ends."""
        with self._lock:
            left = [(waiting, message) for waiting in self._waiting.values() for message in waiting.messages]
        for waiting, message in left:
            self._tell_failed(waiting, message)

    def _tell_failed(self, waiting: Waiting, message: Message) -> None:
        channel, why = name_of(waiting.channel), waiting.why
        log.warning("a message was not sent", channel=channel, stack=message.stack, why=why)
        self.count(kind_of(waiting.channel), "failed")

    def _drop(self, waiting: Waiting, message: Message) -> None:
        waiting.tries, waiting.due = 0, self.now()
        with self._lock:
            if waiting.messages and waiting.messages[0] is message:
                waiting.messages.popleft()

    def run(self, stop: Event) -> None:
        """Send what is put in until `stop` is set. What is not sent by then is lost."""
        while not stop.is_set():
            self._woken.clear()
            rest = self.send_due()
            self._woken.wait(rest)

    def start(self, stop: Event) -> None:
        """Send in a thread of its own, which ends with the process."""
        Thread(target=self.run, args=(stop,), name="notifications", daemon=True).start()
