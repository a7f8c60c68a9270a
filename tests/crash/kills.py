"""Signals to real processes: SIGKILL, after which not even `finally` runs, and SIGINT and SIGTERM."""

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from crash.inventory import compare
from crash.program import Finished, embedded_aws, read_settled_inventory, run_command
from crash.results import Result
from reconciler.sandbox import process

CALLS_END_WITHIN = 0.1  # seconds after a signal in which a call may still begin
MAX_ATTEMPTS = 6  # times that a signal is sent again, earlier, if the command had ended before it
STOPPED = 130


@dataclass(frozen=True)
class Kill:
    """A signal, and the moment of a command at which it is sent."""

    word: str  # apply or destroy
    moment: float  # share of the time from the command's first write to its end
    number: int = signal.SIGKILL

    def __str__(self) -> str:
        return f"{signal.Signals(self.number).name} at {self.moment:.0%} of {self.word}"


def try_kills(count: int, seed: int) -> Iterator[Result]:
    """Send `count` SIGKILLs, half of them to applies and half to destroys, spread over the whole run."""
    pairs = _spread(count // 2, random.Random(seed), signal.SIGKILL)  # noqa: S311 - chance must repeat
    yield _run_pairs("SIGKILL", pairs, workers=os.cpu_count() or 1)


def try_signals(count: int, seed: int) -> Iterator[Result]:
    """Send `count` SIGINTs and SIGTERMs to each command, one process at a time, since times are measured."""
    chance = random.Random(seed)  # noqa: S311 - chance must repeat
    pairs = [pair for n in (signal.SIGINT, signal.SIGTERM) for pair in _spread(count, chance, n)]
    yield _run_pairs("SIGINT and SIGTERM", pairs, workers=1)


def _spread(count: int, chance: random.Random, number: int) -> list[tuple[Kill, ...]]:
    """Return `count` pairs of an apply and a destroy; the moments are spread over the whole command."""
    plans = [
        [Kill(word, (n + chance.random()) / count, number) for n in range(count)]
        for word in ("apply", "destroy")
    ]
    return list(zip(*plans, strict=True))


def _run_pairs(name: str, pairs: list[tuple[Kill, ...]], workers: int) -> Result:
    """Run the pairs in this number of processes, each with an embedded AWS of its own."""
    workers = min(workers, len(pairs))
    with ProcessPoolExecutor(workers) as pool:
        done = [
            found
            for part in pool.map(_run_on_one_aws, [pairs[n::workers] for n in range(workers)])
            for found in part
        ]
    count = sum(map(len, pairs))
    runs, failures = sum(runs for runs, _ in done), tuple(problem for _, problem in done if problem)
    return Result(name, count, count, runs, count, failures)


def _run_on_one_aws(pairs: list[tuple[Kill, ...]]) -> list[tuple[int, str]]:
    with embedded_aws():
        try:
            durations, expected = _run_undisturbed()
        except AssertionError as e:
            return [(1, f"{kill}: undisturbed: {str(e)[-1500:]}") for pair in pairs for kill in pair]
        return [_run_killed(kill, durations[kill.word], expected[kill.word]) for pair in pairs for kill in pair]


def _run_undisturbed() -> tuple[dict[str, float], dict[str, Counter[str]]]:
    """Return how long each command takes, in seconds, and the inventory after it."""
    durations, expected = {}, {}
    for word in ("apply", "destroy"):
        finished = run_command(word)
        if finished.code or not finished.duration:
            raise AssertionError(finished.output)
        durations[word], expected[word] = finished.duration, read_settled_inventory()
    return durations, expected


def _run_killed(kill: Kill, duration: float, expected: Counter[str]) -> tuple[int, str]:
    """Send the signal and repeat the command; return the number of runs, and the problem or ""."""
    runs, problem = 1, _send_in_time(kill, duration)
    while not problem and runs <= MAX_ATTEMPTS:
        last, runs = run_command(kill.word), runs + 1
        if last.code:
            problem = f"then {last.code}: {last.output[-1500:]}"
        elif "Nothing to do" in last.output:
            problem = compare(read_settled_inventory(), expected)
            break
    else:
        problem = problem or "there is still something to do"
    return runs, f"{kill}: {problem}" if problem else ""


def _send_in_time(kill: Kill, duration: float) -> str:
    """Send the signal, each time earlier, until it comes before the end; return the problem or ""."""
    for n in range(MAX_ATTEMPTS):
        problem, in_time = _send(kill, kill.moment * duration * 0.7**n)
        if in_time:
            return problem
        _start_over(kill)
    return "it always ended before"


def _start_over(kill: Kill) -> None:
    if kill.word == "apply":
        process.reset()
    elif (finished := run_command("apply")).code:
        raise AssertionError(finished.output)


def _send(kill: Kill, after: float) -> tuple[str, bool]:
    """Run the command and send the signal; return the problem or "", and whether it came before the end."""
    finished = run_command(kill.word, number=kill.number, after=after)
    if kill.number == signal.SIGKILL:
        return "", finished.code == -signal.SIGKILL
    # After it has reported that all is done, the process only exits, and signals have their default effect.
    over = finished.code == 0 or (finished.code == -kill.number and " done in " in finished.output)
    return ("", False) if over else (_explain_wrong_stop(finished), True)


def _explain_wrong_stop(finished: Finished) -> str:
    """Describe what the command did other than stop and say so; return "" if nothing."""
    late = finished.last_sent - (finished.signalled or 0)
    if finished.code != STOPPED:
        return f"exit code {finished.code}: {finished.output[-1500:]}"
    if not ("stopping: finishing calls in flight" in finished.output and "Stopped: " in finished.output):
        return f"it does not say that it was stopped: {finished.output[-1500:]}"
    return f"a call began {late:.2f} s after the signal" if late > CALLS_END_WITHIN else ""
