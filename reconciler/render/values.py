"""Single values, formatted for a line of text and for JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from reconciler.model.references import Json, Ref, Text, resolve
from reconciler.model.secret_value import SecretValue
from reconciler.model.steps import Call, Rollout, Step, Wait
from reconciler.render.redaction import Shown, redact

LONGEST_VALUE = 160  # characters on a line
_ARN_TYPE = re.compile(r"^[a-z-]+[:/]")  # the first word of an ARN's last part
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")


def format_value(value: Any) -> str:
    """Format a value for one line: Refs by name, ARNs and digests shortened, others cut to `LONGEST_VALUE`."""
    return shorten(format_whole(value))


def shorten(text: str) -> str:
    """Shorten digests in a formatted value, and cut it to `LONGEST_VALUE`."""
    text = _DIGEST.sub(r"\1…", text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def indent_continuation(text: str) -> str:
    """Indent all lines but the first by four spaces."""
    return text.replace("\n", "\n    ")


def format_whole(value: Any) -> str:
    """Format a value for one line, however long: see `format_value`."""
    match value:
        case None:
            return "none"
        case str():
            return str(value) if value and value.isprintable() else json.dumps(value)
        case Ref():
            return short_id(value.name) if value.by_id else value.name
        case Text():
            return value.fill(format_whole)
        case BaseModel() if type(value).__str__ is not BaseModel.__str__:  # it defines its own text
            return str(value)
        case BaseModel():
            return " ".join(f"{k}={format_whole(v)}" for k, v in value if v is not None)
        case Mapping():
            return "{" + ", ".join(f"{format_whole(k)}: {format_whole(v)}" for k, v in value.items()) + "}"
        case frozenset():
            return ", ".join(sorted(map(format_whole, value))) or "none"
        case list() | tuple():
            return "[" + ", ".join(map(format_whole, value)) + "]"
    return json.dumps(to_json_value(value))


def short_id(aws_id: str) -> str:
    """Shorten an ARN to its last part (the name without the type); return other ids unchanged."""
    return _ARN_TYPE.sub("", aws_id.split(":", 5)[-1]) if aws_id.startswith("arn:") else aws_id


def to_json_value(value: Any) -> Any:
    """Convert a value to what `json.dumps` takes: Refs to names, models to objects, sets to sorted lists.

    A secret's value is named: no plan has it.
    """
    match value:
        case Json():
            return to_json_value(value.value)
        case Ref() | Text():
            return resolve(value, lambda ref: ref.name)
        case SecretValue():
            return Shown(value)
        case BaseModel():
            return {k: to_json_value(v) for k, v in value}
        case Mapping():
            return {str(to_json_value(k)): to_json_value(v) for k, v in value.items()}
        case frozenset():
            return sorted(map(to_json_value, value), key=json.dumps)
        case list() | tuple():
            return [to_json_value(v) for v in value]
    return value


def format_duration(seconds: float) -> str:
    """Format seconds as `4 min 10 s`, or `10 s` below a minute."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def format_step(step: Step, *, show_values: bool = False) -> str:
    """Format a call as `ec2.create_vpc CidrBlock=10.0.0.0/16 …`, and a wait by its state.

    Secrets are hidden, unless `show_values` shows them.
    """
    match step:
        case Call():
            params = format_params(step.params, show_values=show_values).items()
            return " ".join([f"{step.service}.{step.operation}", *(f"{k}={_argument(v)}" for k, v in params)])
        case Wait():
            return f"wait for {step.service} {step.until}"
        case Rollout():
            return "follow the deployment"


def format_params(params: Mapping[str, Any], *, show_values: bool = False) -> dict[str, Any]:
    """Return the parameters of a call as `json.dumps` takes them; secrets are hidden unless `show_values`."""
    plain: dict[str, Any] = to_json_value(params)
    return plain if show_values else redact(plain)


def _argument(value: Any) -> str:
    if isinstance(value, str) and value.isprintable() and value and " " not in value:
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
