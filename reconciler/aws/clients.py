"""Clients of boto3 that several runs share: one takes megabytes, a tenth of a second, and sockets of its own.

Each run has them as its own: what is done before a call is sent, and with its answer, is of the run that makes
it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock, local
from typing import Any, Protocol

from botocore.model import OperationModel

from reconciler.aws.foreign_answers import Response, require_content

Key = tuple[str, bool, str | None, str]
"""A service, whether its calls are retried, their region if it is not the session's, and the ARN of a role that
makes them, if the session's own credentials do not."""


class Caller(Protocol):
    """Makes calls, in any thread."""

    def before_send(self, event_name: str, request: Any, *, retries: bool) -> None:
        """Take note that a request is sent, and give it the caller's name. Raises if it must not be sent."""

    def receive(self, response_dict: Response, operation_model: OperationModel) -> None:
        """Take note of an answer."""

    def give_up(self) -> bool | None:
        """Return False if a call is not to be tried again, or else None: botocore decides."""


@dataclass
class Clients:
    """The clients of one session. Threads and callers may share them."""

    _made: dict[Key, Any] = field(default_factory=dict)
    _made_by_one: dict[Key, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _thread: local = field(default_factory=local)  # its `caller`, while it makes a call

    def own(self, key: Key, make: Callable[[], Any], caller: Caller) -> Any:
        """Return the client of a key, made if there is none yet, as one whose calls are this caller's.

        It is a second object over the same parts: all of a client's calls go through `_make_api_call`, where
        tracers of others take hold of them, too.
        """
        client = self._get(key, make)
        own = object.__new__(type(client))
        vars(own).update(vars(client))
        own._make_api_call = partial(self._call, caller, client._make_api_call)  # noqa: SLF001  there is no other
        return own

    def _get(self, key: Key, make: Callable[[], Any]) -> Any:
        with self._made_by_one.setdefault(key, Lock()):  # who wants it waits for none that is made after it
            if key not in self._made:
                with self._lock:  # a session is not thread-safe; a client is
                    made = make()
                self._listen(made.meta.events, retries=key[1])
                self._made[key] = made
            return self._made[key]

    def _call(self, caller: Caller, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        outer = getattr(self._thread, "caller", None)
        self._thread.caller = caller
        try:
            return call(*args, **kwargs)
        finally:
            self._thread.caller = outer

    def _listen(self, events: Any, *, retries: bool) -> None:
        """Have a client, given its events, tell its callers of requests and answers."""
        thread = self._thread

        def before_send(event_name: str, request: Any, **_: Any) -> None:
            thread.caller.before_send(event_name, request, retries=retries)

        def receive(response_dict: Response, operation_model: OperationModel, **_: Any) -> None:
            thread.caller.receive(response_dict, operation_model)

        def give_up(**_: Any) -> bool | None:
            given_up: bool | None = thread.caller.give_up()
            return given_up

        events.register_first("before-send", before_send)
        events.register("before-parse", receive)
        events.register("after-call", require_content)
        if retries:  # a name of three parts: asked before botocore's own, which has two
            events.register_first("needs-retry.*.*", give_up)
