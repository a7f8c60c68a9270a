"""The docstrings of the keys, below them in the models. Only mistakes and editors need them."""

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from itertools import pairwise


@cache
def read_docstrings(module: str) -> Mapping[tuple[str, str], str]:
    """Return the docstrings of all keys in a module's source, by class and key."""
    found = {}
    source = ast.parse(inspect.getsource(sys.modules[module]))
    classes = [statement for statement in source.body if isinstance(statement, ast.ClassDef)]
    for made in classes:
        for statement, after in pairwise(made.body):
            match statement, after:
                case (
                    ast.AnnAssign(target=ast.Name(id=key)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    found[made.name, key] = inspect.cleandoc(text)
    return found
