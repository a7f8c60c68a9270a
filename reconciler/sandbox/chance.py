"""Reproducible random numbers: the n-th draw of a name depends only on the seed, not on threads or ids."""

from collections import Counter
from random import Random
from threading import Lock

from reconciler.sandbox.world import World, current

_lock = Lock()
_draws: list[tuple[World, Counter[str]]] = []  # draws so far by subject, of the present world only


def draw(*about: str) -> float:
    """Return a number in [0, 1). The n-th draw of one name is the same in every World with the same seed."""
    subject = "/".join(about)
    with _lock:
        draws = _draws_of(current())
        draws[subject] += 1
        number = draws[subject]
    return Random(f"{current().seed}/{subject}/{number}").random()  # noqa: S311 - chance must repeat


def _draws_of(world: World) -> Counter[str]:
    if not _draws or _draws[0][0] is not world:
        _draws[:] = [(world, Counter())]
    return _draws[0][1]
