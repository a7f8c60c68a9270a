"""Watch stacks from the command line: all that a watch consists of is put together here."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Event

from reconciler import __version__
from reconciler.aws.trail import Pace
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.signals import stoppable
from reconciler.cli.terminal import print_json_line, print_message, print_text
from reconciler.drift.correction_rules import Rules
from reconciler.target import Target, connect_to
from reconciler.watch.asking import ask_cloudtrail
from reconciler.watch.board import make_board
from reconciler.watch.call_metrics import count_calls
from reconciler.watch.closing import describe_end
from reconciler.watch.connections import Connections
from reconciler.watch.correcting import Correcting, UnderWay
from reconciler.watch.events.hearing import Hearing
from reconciler.watch.keep import Keeper
from reconciler.watch.listen import parse_listen
from reconciler.watch.loop import Loop
from reconciler.watch.metrics import make_metrics
from reconciler.watch.notify.outbox import Outbox
from reconciler.watch.notify.telling import tell as tell_people
from reconciler.watch.notify.telling import tell_message
from reconciler.watch.rounds import Doing
from reconciler.watch.routes import make_routes
from reconciler.watch.server import serving
from reconciler.watch.times import format_time
from reconciler.watch.watched import Together, require_different, watch_stack


@dataclass(frozen=True)
class WatchOptions:
    """What a watch was asked to do."""

    every: float  # seconds
    correct: Rules | None = None  # None: drift is reported only
    listen: str | None = None
    listen_unsafe: bool = False
    who: bool = False  # CloudTrail is asked who made what is new
    events: str | None = None  # URL of the queue that tells of changes
    as_json: bool = False


def watch_targets(targets: Sequence[Target], options: WatchOptions) -> ExitCode:
    """Watch until a signal comes, and say at the end what is known of each stack."""
    with stoppable(print_message) as stop:
        stop.changing = True  # a first signal ends the rounds, and waits for corrections
        keeper = make_keeper(targets, options, stop.requested)
        with serve(keeper, options):
            loop = keeper.make_loop(random.random)
            if options.events:
                hear(keeper, loop, options.events, targets[0])
            loop.run()
        corrected = keeper.under_way.wait()
    for status in keeper.statuses():
        print_message(describe_end(status))
    return ExitCode.STOPPED if corrected else ExitCode.DONE


def make_keeper(targets: Sequence[Target], options: WatchOptions, stop: Event) -> Keeper:
    """Return what keeps the watch of these targets up to date. Raises `RunRefused` if two are one stack."""
    board = make_board(__version__, format_time(datetime.now(UTC)))
    metrics = make_metrics(board)
    together = Together(Connections(lambda aws: count_calls(metrics, aws.session.events)))
    corrects = "what the file allows" if options.correct else "none"
    stacks = [watch_stack(target, options.every, together, corrects) for target in targets]
    require_different(stacks)
    tell = print_news_as_json if options.as_json else print_news
    outbox = Outbox(lambda kind, ended: metrics.notifications.labels(kind, ended).inc())
    outbox.start(stop)
    ask = partial(ask_cloudtrail, pace=Pace(), stop=stop) if options.who else None
    under_way = UnderWay(stop)
    correcting = Correcting(options.correct, under_way) if options.correct else None
    doing = Doing(ask, correcting, partial(tell_people, outbox), partial(tell_message, outbox))
    return Keeper({s.label: s for s in stacks}, doing, board, metrics, tell, stop, together.names, under_way)


def hear(keeper: Keeper, loop: Loop, url: str, target: Target) -> None:
    """Let the events of a queue wake stacks, read with the credentials of this target. Raises `LoadError`."""
    aws, _ = connect_to(target)
    hearing = Hearing(url, aws, keeper.board, keeper.metrics)
    keeper.learn = hearing.learn
    hearing.begin(loop.wake, keeper.stop, lambda words: print_message(f"events: {words}"))


@contextmanager
def serve(keeper: Keeper, options: WatchOptions) -> Iterator[None]:
    """Serve the page and the metrics within the block, if they are asked for. Raises `RunRefused`."""
    if options.listen is None:
        yield
        return
    listen = parse_listen(options.listen, unsafe=options.listen_unsafe)
    with serving(listen, make_routes(keeper.board, keeper.metrics)) as server:
        print_message(f"the page is at {server.url}")
        yield


def print_news(stack: str, line: str) -> None:
    """Print a line of news for people."""
    print_text(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {stack} {line}\n")


def print_news_as_json(stack: str, line: str) -> None:
    """Print a line of news as a JSON object."""
    print_json_line({"at": datetime.now(UTC).isoformat(timespec="seconds"), "stack": stack, "news": line})
