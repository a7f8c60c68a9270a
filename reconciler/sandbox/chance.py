"""Chance that repeats: what befalls the n-th request of a kind depends on the seed alone, not on threads or ids."""

from collections import Counter
from random import Random
from threading import Lock

from reconciler.sandbox.world import World, current

_lock = Lock()
_asked: list[tuple[World, Counter[str]]] = []  # of the present world only


def draw(*about: str) -> float:
    """A number in [0, 1): for the n-th question about the same thing, the same in every world of this seed."""
    what = "/".join(about)
    with _lock:
        count = _counter(current())
        count[what] += 1
        number = count[what]
    return Random(f"{current().seed}/{what}/{number}").random()  # noqa: S311 - chance must repeat


def _counter(world: World) -> Counter[str]:
    if not _asked or _asked[0][0] is not world:
        _asked[:] = [(world, Counter())]
    return _asked[0][1]
