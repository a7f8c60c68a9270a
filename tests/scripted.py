"""An AWS whose answers a test gives, in botocore's form, for answers that the embedded AWS never gives."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError
from support import OURS

from reconciler.aws.reads import open_reads
from reconciler.aws.tally import Tally
from reconciler.model.spec import Live, Spec
from reconciler.resources.kind import Kind


class ScriptedAws:
    """Answers each operation with a given value or error, or with the result of a function of the params."""

    region, partition = "us-east-1", "aws"

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked, self.tally = answers, Counter[str](), Tally()

    def client(self, _service: str, **_: Any) -> "ScriptedAws":
        return self

    def can_paginate(self, _operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def ask(**params: Any) -> Any:
            self.asked[operation] += 1
            answer = self.answers.get(operation, {})
            answer = answer(**params) if callable(answer) else answer
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask


def refused(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "asked")


def read(kind: Kind[Any], aws: ScriptedAws, wanted: Iterable[Spec] = ()) -> list[Live[Any]]:
    with open_reads(aws, OURS, wanted) as reads:  # type: ignore[arg-type]  # it answers as an Aws does
        return list(kind.read(reads))
