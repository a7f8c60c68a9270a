"""What CloudWatch Logs refuses beyond the values of single parameters: tags, KMS keys, absent groups."""

import json
from collections.abc import Mapping
from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import add, wrap

MAX_TAGS = 50


def install() -> None:
    for action in ("list_tags_for_resource", "tag_resource", "untag_resource"):
        wrap(LogsResponse, action, _check_arn)
    for action in ("associate_kms_key", "disassociate_kms_key"):
        wrap(LogsResponse, action, _check_key_target)
    for action in ("get_log_events", "describe_log_streams"):
        wrap(LogsResponse, action, _name_group)
    wrap(LogsResponse, "create_log_group", _check_key)
    wrap(LogsBackend, "tag_resource", _tag)
    add(LogsBackend, "untag_log_group", _untag_group)


def _check_arn(original: Any, response: Any) -> Any:
    arn = response._get_param("resourceArn")
    if not arn.startswith("arn:") or ":logs:" not in arn:
        raise InvalidParameterException(f"The specified ARN is invalid: {arn}")
    return original(response)


def _name_group(original: Any, response: Any) -> Any:
    """Take the ARN of a group for its name, and refuse both and neither of them (API reference)."""
    name, identifier = response._get_param("logGroupName"), response._get_param("logGroupIdentifier")
    if bool(name) == bool(identifier):
        raise InvalidParameterException("Exactly one of logGroupName and logGroupIdentifier is needed.")
    if identifier:
        name = identifier.rpartition(":log-group:")[2].removesuffix(":*")
        sent = {key: value for key, value in json.loads(response.body).items() if key != "logGroupIdentifier"}
        response.body = json.dumps({**sent, "logGroupName": name})
    return original(response)


def _check_key_target(original: Any, response: Any) -> Any:
    """Refuse a call that names both a group and a resource, or neither of them (API reference)."""
    if bool(response._get_param("logGroupName")) == bool(response._get_param("resourceIdentifier")):
        raise InvalidParameterException("Exactly one of logGroupName and resourceIdentifier is needed.")
    return original(response)


def _check_key(original: Any, response: Any) -> Any:
    key = response._get_param("kmsKeyId")
    if key and not (key.startswith("arn:") and ":kms:" in key):
        raise InvalidParameterException(f"The specified KMS Key Id could not be found: {key}")
    return original(response)


def _tag(original: Any, logs: Any, arn: str, tags: Mapping[str, str] | None) -> Any:
    if len({*logs.tagger.get_tag_dict_for_resource(arn), *(tags or ())}) > MAX_TAGS:
        raise Refusal("TooManyTagsException", f"A resource has no more than {MAX_TAGS} tags.")
    return original(logs, arn, tags)


def _untag_group(logs: Any, log_group_name: str, tags: list[str]) -> None:
    if log_group_name not in logs.groups:
        raise ResourceNotFoundException("The specified log group does not exist.")
    logs.tagger.untag_resource_using_names(logs.groups[log_group_name].arn, tags)
