"""How each service refuses values that its model does not allow, and tags whose keys begin with `aws:`."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

from reconciler.sandbox.constraints.violations import Violation, find_violations
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import wrap


def _describe(found: list[Violation]) -> str:
    """Return the message that services made with AWS's own framework give."""
    errors = "1 validation error" if len(found) == 1 else f"{len(found)} validation errors"
    sentences = [
        f"Value {_quote(broken.value)} at '{broken.path}' failed to satisfy constraint: Member must {broken.rule}"
        for broken in found
    ]
    return f"{errors} detected: {'; '.join(sentences)}"


def _quote(value: object) -> str:
    return "null" if value is None else f"'{_format(value)}'"


def _format(value: object) -> str:
    return f"[{', '.join(map(_format, value))}]" if isinstance(value, list) else str(value)


def _describe_of_iam(found: list[Violation]) -> str:
    first = found[0]
    if first.path.endswith("Name") and first.rule.startswith("satisfy regular expression"):
        allowed = "alphanumeric characters and/or the following: +=,.@_-"
        return f"The specified value for {first.path} is invalid. It must contain only {allowed}"
    return _describe(found)


def _describe_of_ecr(found: list[Violation]) -> str:
    first = found[0]
    rule = first.rule.replace("regular expression pattern:", "regular expression")
    return f"Invalid parameter at '{first.path}' failed to satisfy constraint: 'must {rule}'"


def _describe_of_ecs(found: list[Violation]) -> str:
    """Return ECS's words about a value outside its enumeration (terraform-provider-aws#23342)."""
    first = found[0]
    name = next(part for part in reversed(first.path.split(".")) if part != "member" and not part.isdecimal())
    if not first.rule.startswith(_LISTED):
        return _describe(found)
    values = sorted(first.rule.removeprefix(_LISTED).removesuffix("]").split(", "))
    return f"{name} should be one of [{','.join(values)}]"


@dataclass(frozen=True)
class Style:
    """The codes and words of one service."""

    code: str
    """For a value that the model does not allow."""
    tags: str | None
    """For a tag whose key begins with `aws:` (AWS documents the prefix as reserved for every service).

    None: the service's own module checks its tags.
    """
    describe: Callable[[list[Violation]], str] = _describe
    tags_of: Mapping[str, str] | None = None
    """The code for a tag in single operations where it is another."""


_LISTED = "satisfy enum value set: ["

STYLES: Mapping[str, Style] = {  # boto3's name of the service -> its style (codes: botocore's models)
    "acm": Style("ValidationException", None),
    "ecs": Style("InvalidParameterException", None, _describe_of_ecs),
    "elbv2": Style("ValidationError", None),
    "iam": Style("ValidationError", "InvalidInput", _describe_of_iam),
    "servicediscovery": Style("InvalidInput", "InvalidInput"),  # aws-sdk-java#1973
    "ecr": Style("InvalidParameterException", "InvalidTagParameterException", _describe_of_ecr),
    "logs": Style("InvalidParameterException", "InvalidParameterException"),
    "application-autoscaling": Style("ValidationException", "ValidationException"),
    "cloudwatch": Style(
        "ValidationError",
        "InvalidParameterValue",
        tags_of={"PutMetricAlarm": "ValidationError", "PutDashboard": "InvalidParameterInput"},
    ),
    "resourcegroupstaggingapi": Style("InvalidParameterException", "InvalidParameterException"),
    "dynamodb": Style("ValidationException", "ValidationException"),
    "sts": Style("ValidationError", None),
}


def install() -> None:
    wrap(BaseResponse, "call_action", _check_first)


def _check_first(original: Any, response: Any) -> Any:
    style = STYLES.get(response.boto3_service_name)
    if style is None:
        return original(response)
    action = response._get_action()
    model = get_service_model(response.boto3_service_name)
    if action not in model.operation_names:
        return original(response)
    sent = sent_parameters(response)
    shape = model.operation_model(action).input_shape
    if shape is not None and (found := list(find_violations(shape, sent))):
        return answer(response, style.code, style.describe(found))
    if style.tags and (reserved := next(_reserved_tags(sent), None)):
        code = (style.tags_of or {}).get(action, style.tags)
        return answer(response, code, f"Tag keys that begin with aws: are reserved for AWS: {reserved}")
    return original(response)


def sent_parameters(response: Any) -> Mapping[str, Any]:
    """Return the parameters of a call as the client gave them, whatever the protocol of the service."""
    if response.automated_parameter_parsing:
        return dict(response.params)
    try:
        parsed = json.loads(response.body or "{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _reserved_tags(sent: Mapping[str, Any]) -> Iterator[str]:
    tags = sent.get("Tags") or sent.get("tags") or ()
    listed = [tag for tag in tags if isinstance(tag, Mapping)]
    keys = tags if isinstance(tags, Mapping) else [tag.get("Key", tag.get("key", "")) for tag in listed]
    return (key for key in keys if str(key).lower().startswith("aws:"))
