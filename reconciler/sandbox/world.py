"""The World, with the settings of the present embedded AWS, and the two ways to patch moto's classes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from threading import RLock
from typing import Any

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.profile import CALM, Profile


@dataclass(frozen=True)
class World:
    """The settings that every patch reads when it runs. The state of AWS is stored on moto's own objects."""

    clock: Clock = field(default_factory=Clock)
    profile: Profile = CALM
    seed: int = 0
    images: bool = True  # an image is put into each repository as it is made
    given: frozenset[str] = frozenset()  # ARNs and images that are there though nobody made them
    account: str | None = None  # of callers whose access key names none; None: moto's, 123456789012


call_lock = RLock()  # held during each call: moto is not safe for threads
_present = [World()]


def current() -> World:
    """Return the present World."""
    return _present[0]


def use(world: World) -> World:
    """Make this World the present one."""
    _present[0] = world
    return world


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Replace a method by `around(original, self, *args, **kwargs)`, unless this was done before."""
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
    """Set a method or a property of one of moto's classes, whether the class lacks it or has one."""
    setattr(owner, name, function)
