"""An AWS of which a test says every answer, in botocore's form: what the embedded one cannot be brought to say."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError
from support import OURS

from reconciler.aws.reads import open_reads
from reconciler.model.spec import Live, Spec
from reconciler.resources.kind import Kind


class Told:
    """Answers each operation by what it was told: a value, an error, or what a function makes of the params."""

    region = "us-east-1"

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, Counter[str]()

    def client(self, _service: str, **_: Any) -> "Told":
        return self

    def can_paginate(self, _operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def ask(**params: Any) -> Any:
            self.asked[operation] += 1
            said = self.answers.get(operation, {})
            said = said(**params) if callable(said) else said
            if isinstance(said, Exception):
                raise said
            return said

        return ask


def refused(code: str, words: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": words}}, "asked")


def read(kind: Kind[Any], aws: Told, wanted: Iterable[Spec] = ()) -> list[Live[Any]]:
    with open_reads(aws, OURS, wanted) as reads:  # type: ignore[arg-type]  # it answers as an Aws does
        return list(kind.read(reads))
