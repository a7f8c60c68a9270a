"""Former values: for some seconds after a change, most reads still tell what was there before it.

Subnets (cdkd#1299), services of ECS (terraform-provider-aws#18329) and lists of a role's policies (cdkd#924)
did so; that other attributes do is concluded from these.
"""

from collections.abc import Callable, Mapping
from copy import copy, deepcopy
from typing import Any

from reconciler.sandbox.chance import draw
from reconciler.sandbox.lag.freshness import MISSED_BY_READS
from reconciler.sandbox.world import current


def note_former(backend: Any, kind: str, name: str, former: Any) -> None:
    """Record on moto's backend, where a reset clears it, what reads may tell for up to the profile's lag."""
    if lag := current().profile.lag:
        values: dict[str, tuple[Any, float]] = backend.__dict__.setdefault("former_values", {})
        values[name] = former, current().clock.now() + lag * draw("change", kind)


def find_former(backend: Any, kind: str, name: str) -> Any:
    """Draw whether this read tells what was before the last change, and return that; None if it does not."""
    former, until = backend.__dict__.get("former_values", {}).get(name, (None, 0.0))
    is_told = current().clock.now() < until and draw("former", kind) < MISSED_BY_READS
    return former if is_told else None


def change(backend: Any, kind: str, name: str, thing: Any, make: Callable[[], Any]) -> Any:
    """Make a change of one of moto's objects, and record the former values of its attributes."""
    before = _values(thing)
    answer = make()
    after = _values(thing)
    if former := {key: value for key, value in before.items() if key in after and after[key] != value}:
        note_former(backend, kind, name, former)
    return answer


def as_before(backend: Any, kind: str, name: str, thing: Any) -> Any:
    """Return the object, or a copy of it with former values, as this read sees it."""
    former = find_former(backend, kind, name)
    if former is None:
        return thing
    seen = copy(thing)
    vars(seen).update(former)
    return seen


def _values(thing: Any) -> Mapping[str, Any]:
    """Return the attributes that are values: with mappings as they are now, without other objects of moto."""
    values = {} if thing is None else vars(thing)
    return {
        k: deepcopy(v) for k, v in values.items() if isinstance(v, str | int | dict | None) and _is_plain(v)
    }


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict) or all(isinstance(v, str | int | None) for v in value.values())
