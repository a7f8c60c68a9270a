"""Refusals that a test gives in AWS's place, before the embedded AWS sees the call."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from support import connection


@contextmanager
def refused(
    operation: str,
    code: str,
    message: str,
    times: int = 1,
    when: Callable[[Mapping[str, Any]], bool] = lambda _params: True,
) -> Iterator[list[Mapping[str, Any]]]:
    """Refuse the first calls of an operation, such as `ecs.CreateService`, and yield the list of its calls."""
    made: list[Mapping[str, Any]] = []

    def answer(model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        if f"{model.service_model.service_name}.{model.name}" != operation or not when(params):
            return None
        made.append(params)
        error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        return (SimpleNamespace(status_code=400), error) if len(made) <= times else None

    emitters = [connection().session.events, *(c.meta.events for c in connection()._clients.values())]
    for events in emitters:
        events.register("before-call.*.*", answer, unique_id=id(made))
    try:
        yield made
    finally:
        for client in connection()._clients.values():
            client.meta.events.unregister("before-call.*.*", unique_id=id(made))
        connection().session.events.unregister("before-call.*.*", unique_id=id(made))
