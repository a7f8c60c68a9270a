"""`watch`: look for drift for ever, in one process for several files and environments."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.drift import Allowed, Who, parse_severities
from reconciler.cli.failures import run
from reconciler.cli.options import (
    AllowDelete,
    AllowReplaceDrift,
    AllowRestart,
    Correct,
    Debug,
    LogLevel,
    Only,
    Sandbox,
    parse_duration,
)
from reconciler.cli.target import find_target

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST = 60  # seconds between two rounds: AWS's rates are shared with everybody in the account

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help="Platform files.")]
Envs = Annotated[
    list[str] | None,
    typer.Option("--env", metavar="NAME", help="Environment of each file; may be given several times."),
]
Every = Annotated[
    float,
    typer.Option("--every", parser=parse_duration, metavar="DURATION", help="Time between two rounds: 5m, 1h."),
]
ListenAt = Annotated[
    str | None,
    typer.Option("--listen", metavar="ADDRESS", help="Serve a page and metrics, at 127.0.0.1:8080, say."),
]
ListenUnsafe = Annotated[
    bool,
    typer.Option("--listen-unsafe", help="Allow an address that other machines reach: there is no log-in."),
]
Events = Annotated[
    str | None,
    typer.Option("--events", metavar="QUEUE_URL", help="Read events of AWS from this queue of SQS."),
]
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line of news.")]


def watch(
    files: Files = None,
    envs: Envs = None,
    sandbox: Sandbox = False,
    every: Every = "5m",  # type: ignore[assignment]  # typer parses it like what a person writes
    listen: ListenAt = None,
    listen_unsafe: ListenUnsafe = False,
    who: Who = False,
    correct: Correct = False,
    only: Only = None,
    allow_delete: AllowDelete = False,
    allow_replace: AllowReplaceDrift = False,
    allow_restart: AllowRestart = False,
    events: Events = None,
    json: JsonLines = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Look for drift again and again, until it is stopped; tell what is new, and correct it if asked."""
    if every < SHORTEST:
        raise typer.BadParameter(f"at least {SHORTEST}s lie between two rounds", param_hint="--every")
    allowed = Allowed(allow_delete, allow_replace, allow_restart, only)
    if not correct and allowed != Allowed():
        raise typer.BadParameter("--only and --allow-… are for --correct")
    severities = parse_severities(only)

    def command() -> int:
        from reconciler.cli.watching import WatchOptions, watch_targets
        from reconciler.drift.correction_rules import Rules

        rules = Rules(only=severities, delete=allow_delete, replace=allow_replace, restart=allow_restart)
        each: Sequence[Path | None] = files or (None,)
        named: Sequence[str | None] = envs or (None,)
        targets = [find_target(file, env, sandbox=sandbox) for file in each for env in named]
        options = WatchOptions(every, rules if correct else None, listen, listen_unsafe, who, events, json)
        return watch_targets(targets, options)

    return run(command, log_level, debug=debug)
<<<<<<< HEAD
=======


def watch_targets(targets: "list[Target]", options: WatchOptions) -> ExitCode:
    """Watch until a signal comes, and say at the end what is known of each stack."""
    from reconciler.watch.closing import describe_end

    with stoppable(print_message) as stop:
        stop.changing = True  # a first signal ends the rounds, and waits for corrections
        keeper = make_keeper(targets, options, stop.requested)
        with serve(keeper, options):
            loop = keeper.make_loop(random.random)
            if options.events:
                hear(keeper, loop, options.events, targets[0])
            loop.run()
        corrected = keeper.corrections.wait()
    for status in keeper.statuses():
        print_message(describe_end(status))
    return ExitCode.STOPPED if corrected else ExitCode.DONE


def make_keeper(targets: "list[Target]", options: WatchOptions, stop: "Event") -> "Keeper":
    """Return what keeps the watch of these targets up to date. Raises `RunRefused` if two are one stack."""
    from reconciler import __version__
    from reconciler.aws.trail import Pace
    from reconciler.watch.asking import ask_cloudtrail
    from reconciler.watch.board import make_board
    from reconciler.watch.call_metrics import count_calls
    from reconciler.watch.keep import Keeper
    from reconciler.watch.metrics import make_metrics
    from reconciler.watch.notify.outbox import Outbox
    from reconciler.watch.notify.telling import tell as tell_people
    from reconciler.watch.rounds import Doing
    from reconciler.watch.times import format_time
    from reconciler.watch.watched import AllTurns, require_different, watch_stack

    board = make_board(__version__, format_time(datetime.now(UTC)))
    metrics, turns = make_metrics(board), AllTurns()

    def count(aws: "Aws") -> None:
        count_calls(metrics, aws.session.events)

    stacks = [watch_stack(target, options.every, turns, on_connect=count) for target in targets]
    require_different(stacks)
    tell = print_news_as_json if options.as_json else print_news
    pace = Pace()
    ask = partial(ask_cloudtrail, pace=pace, stop=stop) if options.who else None
    outbox = Outbox(lambda kind, ended: metrics.notifications.labels(kind, ended).inc())
    outbox.start(stop)
    doing = Doing(ask, tell=partial(tell_people, outbox))
    return Keeper({s.label: s for s in stacks}, doing, board, metrics, tell, stop)


def hear(keeper: "Keeper", loop: "Loop", url: str, target: "Target") -> None:
    """Let the events of a queue wake stacks, read with the credentials of this target. Raises `LoadError`."""
    from reconciler.target import connect_to
    from reconciler.watch.events.hearing import Hearing

    aws, _ = connect_to(target)
    hearing = Hearing(url, aws, keeper.board, keeper.metrics)
    keeper.learn = hearing.learn
    hearing.begin(loop.wake, keeper.stop, lambda words: print_message(f"events: {words}"))


@contextmanager
def serve(keeper: "Keeper", options: WatchOptions) -> Iterator[None]:
    """Serve the page and the metrics within the block, if they are asked for. Raises `RunRefused`."""
    if options.listen is None:
        yield
        return
    from reconciler.watch.listen import parse_listen
    from reconciler.watch.routes import make_routes
    from reconciler.watch.server import serving

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
>>>>>>> events
