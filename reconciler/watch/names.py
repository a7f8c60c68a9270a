"""Which stack each file names: if two come to name one, both are told so, and no round is made of either."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from reconciler.errors import RunRefused

NAMED_BY_OTHERS = "what another file names was changed"  # why a stack is woken


@dataclass
class Names:
    """The stacks that files name, by the label of each file. Rounds of different stacks use it."""

    _named: dict[str, str] = field(default_factory=dict)  # those who named it first come first
    _woken: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def name(self, label: str, stack: str) -> None:
        """Note which stack a file names. Raises `RunRefused` if another file names it, too.

        The others that this concerns are to be woken: those that name it, and those of what it named before.
        """
        with self._lock:
            before = self._named.get(label)
            if before != stack:
                self._woken.update(self._others(label, before))
                self._named.pop(label, None)
                self._named[label] = stack
                self._woken.update(self._others(label, stack))
            others = self._others(label, stack)
        if others:
            raise RunRefused(f"{' and '.join([*others, label])} are both {stack}\nname each stack once")

    def shows(self, label: str) -> bool:
        """Tell whether a stack is shown under the name that its file gives it: another one may have it."""
        with self._lock:
            name = self._named.get(label)
            return next((other for other, named in self._named.items() if named == name), label) == label

    def take_woken(self) -> Mapping[str, str]:
        """Return the stacks that are to be woken since this was asked last, and why."""
        with self._lock:
            woken, self._woken = self._woken, set()
        return dict.fromkeys(woken, NAMED_BY_OTHERS)

    def _others(self, label: str, stack: str | None) -> list[str]:
        return [other for other, named in self._named.items() if named == stack and other != label]
