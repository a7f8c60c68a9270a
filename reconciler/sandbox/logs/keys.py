"""The KMS key of a log group, which encrypts its new events. Keys themselves are not played: any ARN is one."""

from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse

from reconciler.sandbox.world import add

ABSENT = "The specified log group does not exist."


def install() -> None:
    add(LogsResponse, "associate_kms_key", _associate)
    add(LogsResponse, "disassociate_kms_key", _disassociate)


def _associate(response: Any) -> str:
    key = response._get_param("kmsKeyId")
    if not (key.startswith("arn:") and ":kms:" in key and ":key/" in key):
        raise InvalidParameterException(
            constraint="Member must be the ARN of a KMS key", parameter="kmsKeyId", value=key
        )
    find_group(response, response._get_param("logGroupName")).kms_key_id = key
    return ""


def _disassociate(response: Any) -> str:
    find_group(response, response._get_param("logGroupName")).kms_key_id = None
    return ""


def find_group(response: Any, name: str) -> Any:
    """Return a group of the account; one that is absent is refused."""
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException(ABSENT)
    return response.logs_backend.groups[name]
