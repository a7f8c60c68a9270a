"""The present embedded AWS: its time and its manners; and how moto is taught what it leaves out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from threading import RLock
from typing import Any

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.profile import CALM, Profile


@dataclass(frozen=True)
class World:
    """What every patch looks at when it runs. State of AWS objects is not here: it hangs on moto's own objects."""

    clock: Clock = field(default_factory=Clock)
    profile: Profile = CALM
    seed: int = 0
    images: bool = True  # an image is put into each repository as it is made


turn = RLock()  # one call at a time: moto is not safe for threads
_present = [World()]


def current() -> World:
    return _present[0]


def use(world: World) -> World:
    _present[0] = world
    return world


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Run `around(original, self, *args, **kwargs)` for the method. A second wrap with the same function is none."""
    original = getattr(owner, name)
    if _is_applied(original, around):
        return

    @wraps(original)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        return around(original, self, *args, **kwargs)

    wrapped.__dict__["around"] = around
    setattr(owner, name, wrapped)


def _is_applied(function: Any, around: Callable[..., Any]) -> bool:
    while function is not None:
        if getattr(function, "around", None) is around:
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def add(owner: Any, name: str, function: Any) -> None:
    """Give a class of moto's a method or a property that it lacks, or another one in place of its own."""
    setattr(owner, name, function)
