"""A dict that cannot be changed."""

from typing import Any, Never, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dict that cannot be changed. It can be copied, pickled and written as JSON like any other."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Never:
        raise TypeError("the mappings of a spec cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type["FrozenDict[K, V]"], tuple[dict[K, V]]]:
        return type(self), (dict(self),)
