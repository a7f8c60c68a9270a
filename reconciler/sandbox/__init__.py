"""The embedded AWS: moto with additions, in this process (under `mock_aws`) or as a server (`process`)."""

from importlib import import_module

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.parts import PARTS
from reconciler.sandbox.profile import CALM, HARSH, PROFILES, REAL, Profile
from reconciler.sandbox.world import World, current, use

__all__ = ["CALM", "HARSH", "PROFILES", "REAL", "Clock", "Profile", "World", "current", "install", "use"]


def install(
    profile: Profile = CALM,
    *,
    clock: Clock | None = None,
    seed: int = 0,
    images: bool = True,
    given: frozenset[str] = frozenset(),
    account: str | None = None,
) -> World:
    """Patch moto's classes, once, and begin a new World. The contents of moto's backends are kept."""
    for part in PARTS:
        import_module(f"{__name__}.{part}").install()
    return use(World(clock or Clock(), profile, seed, images, given, account))
