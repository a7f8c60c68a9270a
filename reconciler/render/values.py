"""Values as a person reads them on a line, and as JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from reconciler.model.references import Json, Ref, Text, resolve
from reconciler.model.steps import Call, Rollout, Step, Wait
from reconciler.render.redaction import redacted

LONGEST = 160  # characters of a value on a line
_TYPE = re.compile(r"^[a-z-]+[:/]")  # the first word of an ARN's last part
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")


def format_value(value: Any) -> str:
    """A value on a line: Refs by name, an ARN by what it ends in, long ones cut."""
    text = _DIGEST.sub(r"\1…", _format_value(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def indented(text: str) -> str:
    """Its further lines under the first one."""
    return text.replace("\n", "\n    ")


def _format_value(value: Any) -> str:
    match value:
        case None:
            return "none"
        case str():
            return value if value and value.isprintable() else json.dumps(value)
        case Ref():
            return own_name(value.name) if value.foreign else value.name
        case Text():
            return value.fill(_format_value)
        case BaseModel() if type(value).__str__ is not BaseModel.__str__:  # it has words of its own
            return str(value)
        case BaseModel():
            return " ".join(f"{k}={_format_value(v)}" for k, v in value if v is not None)
        case Mapping():
            return "{" + ", ".join(f"{_format_value(k)}: {_format_value(v)}" for k, v in value.items()) + "}"
        case frozenset():
            return ", ".join(sorted(map(_format_value, value))) or "none"
        case list() | tuple():
            return "[" + ", ".join(map(_format_value, value)) + "]"
    return json.dumps(plain(value))


def own_name(own_id: str) -> str:
    """An id as it is; an ARN by what it ends in, without partition, service, account and type."""
    return _TYPE.sub("", own_id.split(":", 5)[-1]) if own_id.startswith("arn:") else own_id


def plain(value: Any) -> Any:
    """The value as JSON has it: Refs by name, sets as sorted lists."""
    match value:
        case Json():
            return plain(value.value)
        case Ref() | Text():
            return resolve(value, lambda ref: ref.name)
        case BaseModel():
            return {k: plain(v) for k, v in value}
        case Mapping():
            return {str(plain(k)): plain(v) for k, v in value.items()}
        case frozenset():
            return sorted(map(plain, value), key=json.dumps)
        case list() | tuple():
            return [plain(v) for v in value]
    return value


def format_duration(seconds: float) -> str:
    """`4 min 10 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def step_words(step: Step) -> str:
    """`ec2.create_vpc CidrBlock=10.0.0.0/16 …`, or what is waited for."""
    match step:
        case Call():
            params = redacted(plain(step.params)).items()
            return " ".join([f"{step.service}.{step.operation}", *(f"{k}={_argument(v)}" for k, v in params)])
        case Wait():
            return f"wait for {step.service} {step.until}"
        case Rollout():
            return "follow the deployment"


def _argument(value: Any) -> str:
    if isinstance(value, str) and value.isprintable() and value and " " not in value:
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
