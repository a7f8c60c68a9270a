"""Put the values of secrets into the parameters of a call, while it is made. Nothing else ever holds them."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import local
from typing import Any, Self

from botocore.exceptions import ClientError

from desired_state.secrecy import hide_known
from reconciler.errors import SecretUnusable
from reconciler.model.secret_value import SecretValue

Client = Callable[[str], Any]  # boto3's name of a service -> a boto3 client

_reading = local()  # its `now`: whether this thread is reading a secret


class Revealed(str):
    """The value of a secret, on its way to AWS. Whoever formats it, such as botocore's log, shows its name."""

    __slots__ = ("source",)
    source: SecretValue

    def __new__(cls, value: str, source: SecretValue) -> Self:
        """Make one from the value, and what names it."""
        self = super().__new__(cls, value)
        self.source = source
        return self

    def __str__(self) -> str:
        """Return the name of the secret."""
        return str(self.source)

    def __repr__(self) -> str:
        """Return the name of the secret."""
        return repr(str(self.source))

    def __format__(self, spec: str) -> str:
        """Return the name of the secret."""
        return format(str(self.source), spec)


@contextmanager
def revealed(client: Client, params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parameters with the values of secrets, and raise AWS's errors without them.

    Raises `ClientError` if a secret may not be read, and `SecretUnusable` if it does not hold what is named.
    """
    found: dict[SecretValue, Revealed] = {}

    def reveal(source: SecretValue) -> Revealed:
        if source not in found:
            found[source] = Revealed(_read(client, source), source)
        return found[source]

    filled = _replace(params, SecretValue, reveal)
    try:
        yield filled
    except ClientError as error:
        values = [str.__str__(value) for value in found.values()]
        if values and "Message" in (told := error.response.get("Error", {})):
            told["Message"] = hide_known(told["Message"], values)
            error.args = (hide_known(str(error), values),)
        raise


def conceal(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call with what names its secrets in the place of their values."""
    concealed: dict[str, Any] = _replace(params, Revealed, lambda value: value.source)
    return concealed


def name_secrets(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters that nobody sends, with texts that name the secrets in the place of their values."""
    named: dict[str, Any] = _replace(params, SecretValue, str)
    return named


def _replace(value: Any, kind: type[Any], fn: Callable[[Any], Any]) -> Any:
    if isinstance(value, kind):
        return fn(value)
    match value:
        case Mapping():
            return {key: _replace(inner, kind, fn) for key, inner in value.items()}
        case list() | tuple():
            return [_replace(inner, kind, fn) for inner in value]
    return value


def _read(client: Client, source: SecretValue) -> str:
    _reading.now = True
    try:
        answer = client("secretsmanager").get_secret_value(SecretId=source.arn, VersionId=source.version)
    finally:
        _reading.now = False
    text = answer.get("SecretString")
    if text is None:
        raise SecretUnusable(f"{source} holds no text")
    return str(text) if source.key is None else _find(text, source)


def _find(text: str, source: SecretValue) -> str:
    """Return the value at the key. The text is in no error: the cause of one is left out for that."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    value = document.get(source.key) if isinstance(document, dict) else None
    if not isinstance(value, str) or not value:
        raise SecretUnusable(f"{source} is no JSON object with a text at this key") from None
    return value


class _WithoutSecrets(logging.Filter):
    """Drops what botocore logs of an answer that holds a secret."""

    def filter(self, _record: logging.LogRecord) -> bool:
        """Tell whether a record may be logged."""
        return not getattr(_reading, "now", False)


logging.getLogger("botocore.parsers").addFilter(_WithoutSecrets())
