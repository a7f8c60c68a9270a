"""Real SIGKILLs and polite signals: an exception inside a process still runs `finally`, these do not or must."""

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from crash.inventory import compared
from crash.program import Ended, command, embedded_aws, holds
from crash.results import Result
from reconciler.sandbox import process

NOTHING_NEW = 0.1  # seconds after a signal in which a call may still begin
AGAIN = 6  # times that a kill is tried earlier, if the command ends before it
STOPPED = 130


@dataclass(frozen=True)
class Kill:
    """When in a command a signal comes."""

    word: str  # apply or destroy
    moment: float  # share of the time from the command's first write to its end
    number: int = signal.SIGKILL

    def __str__(self) -> str:
        return f"{signal.Signals(self.number).name} at {self.moment:.0%} of {self.word}"


def kills(count: int, seed: int) -> Iterator[Result]:
    """So many SIGKILLs, half in applies and half in destroys, spread over the whole run."""
    pairs = _pairs(count // 2, random.Random(seed), signal.SIGKILL)  # noqa: S311 - chance must repeat
    yield _tried("SIGKILL", pairs, workers=os.cpu_count() or 1)


def signals(count: int, seed: int) -> Iterator[Result]:
    """SIGINT and SIGTERM, so many of each in each command; one after the other, since a clock tells."""
    chance = random.Random(seed)  # noqa: S311 - chance must repeat
    pairs = [pair for n in (signal.SIGINT, signal.SIGTERM) for pair in _pairs(count, chance, n)]
    yield _tried("SIGINT and SIGTERM", pairs, workers=1)


def _pairs(count: int, chance: random.Random, number: int) -> list[tuple[Kill, ...]]:
    """An apply and a destroy, so many times; each command's moments are spread over the whole of it."""
    plans = [
        [Kill(word, (n + chance.random()) / count, number) for n in range(count)]
        for word in ("apply", "destroy")
    ]
    return list(zip(*plans, strict=True))


def _tried(name: str, pairs: list[tuple[Kill, ...]], workers: int) -> Result:
    """Each pair on an empty AWS, in so many processes."""
    workers = min(workers, len(pairs))
    with ProcessPoolExecutor(workers) as pool:
        done = [
            found for part in pool.map(_all_of, [pairs[n::workers] for n in range(workers)]) for found in part
        ]
    count = sum(map(len, pairs))
    runs, failures = sum(runs for runs, _ in done), tuple(said for _, said in done if said)
    return Result(name, count, count, runs, count, failures)


def _all_of(pairs: list[tuple[Kill, ...]]) -> list[tuple[int, str]]:
    with embedded_aws():
        try:
            lasts, expected = _undisturbed()
        except AssertionError as e:
            return [(1, f"{kill}: undisturbed: {str(e)[-1500:]}") for pair in pairs for kill in pair]
        return [_killed(kill, lasts[kill.word], expected[kill.word]) for pair in pairs for kill in pair]


def _undisturbed() -> tuple[dict[str, float], dict[str, Counter[str]]]:
    """How long each command takes in seconds, and what AWS has after it."""
    lasts, expected = {}, {}
    for word in ("apply", "destroy"):
        ended = command(word)
        if ended.code or not ended.lasted:
            raise AssertionError(ended.told)
        lasts[word], expected[word] = ended.lasted, holds()
    return lasts, expected


def _killed(kill: Kill, lasts: float, expected: Counter[str]) -> tuple[int, str]:
    """How many runs it took, and what was not as it should be."""
    runs, said = 1, _in_time(kill, lasts)
    while not said and runs <= AGAIN:
        last, runs = command(kill.word), runs + 1
        if last.code:
            said = f"then {last.code}: {last.told[-1500:]}"
        elif "Nothing to do" in last.told:
            said = compared(holds(), expected)
            break
    else:
        said = said or "there is still something to do"
    return runs, f"{kill}: {said}" if said else ""


def _in_time(kill: Kill, lasts: float) -> str:
    """What was not as it should be when the signal came, which is earlier if the command has ended before it."""
    for n in range(AGAIN):
        said, in_time = _once(kill, kill.moment * lasts * 0.7**n)
        if in_time:
            return said
        _start_over(kill)
    return "it always ended before"


def _start_over(kill: Kill) -> None:
    if kill.word == "apply":
        process.reset()
    elif (ended := command("apply")).code:
        raise AssertionError(ended.told)


def _once(kill: Kill, after: float) -> tuple[str, bool]:
    """What was not as it should be, and whether the signal came before the command's end."""
    ended = command(kill.word, number=kill.number, after=after)
    if kill.number == signal.SIGKILL:
        return "", ended.code == -signal.SIGKILL
    # Once it has told that all is done, the process is only on its way out, and signals are the system's again.
    over = ended.code == 0 or (ended.code == -kill.number and " done in " in ended.told)
    return ("", False) if over else (_impolite(ended), True)


def _impolite(ended: Ended) -> str:
    """Whether it did anything but stop and tell."""
    late = ended.sent - (ended.signalled or 0)
    if ended.code != STOPPED:
        return f"exit code {ended.code}: {ended.told[-1500:]}"
    if not ("stopping: finishing calls in flight" in ended.told and "Stopped: " in ended.told):
        return f"it does not say that it was stopped: {ended.told[-1500:]}"
    return f"a call began {late:.2f} s after the signal" if late > NOTHING_NEW else ""
