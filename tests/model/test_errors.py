"""reconciler/errors.py draws the tree of errors that it defines."""

import re

from reconciler import errors
from reconciler.errors import ReconcilerError


def defined(cls=ReconcilerError, depth=0):
    """Yield (depth, name) of each class, in the order of the file."""
    yield depth, cls.__name__
    for child in cls.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from defined(child, depth + 1)


def drawn():
    for line in errors.__doc__.splitlines():
        if node := re.match(r"(?P<branch>(?:[│ ]   )*(?:[├└]── )?)(?P<name>[A-Z]\w+)(?: {2}|$)", line):
            yield len(node["branch"]) // 4, node["name"]


def test_the_tree_is_drawn_as_it_is_defined():
    assert list(drawn()) == list(defined())


def test_every_error_says_when_it_is_raised():
    for name, cls in vars(errors).items():
        if isinstance(cls, type) and issubclass(cls, ReconcilerError) and cls is not ReconcilerError:
            assert cls.__doc__.startswith("Raised "), name
