"""Log groups as in CloudWatch Logs: checked names and retentions, tags deleted with the group."""

import re
from datetime import timedelta
from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from reconciler.sandbox.ecs.rollout import last_deployment
from reconciler.sandbox.world import current, wrap

# In days (CloudWatch Logs API reference, PutRetentionPolicy).
RETENTIONS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
_NAME = re.compile(r"(?!aws/)[.\-_/#A-Za-z0-9]{1,512}")


def install() -> None:
    wrap(LogGroup, "__init__", _date_group)
    wrap(LogsBackend, "create_log_group", _create)
    wrap(LogsBackend, "delete_log_group", _delete)
    wrap(LogsBackend, "put_retention_policy", _put_retention_policy)
    for action in ("list_tags_for_resource", "tag_resource", "untag_resource"):
        wrap(LogsResponse, action, _check_arn)


def _date_group(original: Any, group: Any, *args: Any, **kwargs: Any) -> None:
    """Give a group a creationTime in milliseconds that is later than every earlier deployment."""
    original(group, *args, **kwargs)
    created = current().clock.date_after(last_deployment(group.account_id), unit=0.001)
    # As moto's dates are; and a microsecond later, or its arithmetic might show the millisecond before.
    group.creation_time = created.replace(tzinfo=None) + timedelta(microseconds=1)


def _create(original: Any, logs: Any, log_group_name: str, tags: Any, **kwargs: Any) -> Any:
    if not _NAME.fullmatch(log_group_name):
        raise InvalidParameterException(
            constraint="Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
            parameter="logGroupName",
            value=log_group_name,
        )
    return original(logs, log_group_name, tags, **kwargs)


def _delete(original: Any, logs: Any, log_group_name: str) -> Any:
    """Delete a group with its tags, which moto alone would give to the next group with its name."""
    group = logs.groups.get(log_group_name)
    answer = original(logs, log_group_name)
    logs.tagger.delete_all_tags_for_resource(group.arn)
    return answer


def _put_retention_policy(original: Any, logs: Any, log_group_name: str, retention_in_days: int) -> Any:
    if retention_in_days not in RETENTIONS:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {list(RETENTIONS)}",
            parameter="retentionInDays",
            value=str(retention_in_days),
        )
    return original(logs, log_group_name, retention_in_days)


def _check_arn(original: Any, response: Any) -> Any:
    """Refuse absent groups, and an ARN with `:*` at its end (CloudWatch Logs API reference)."""
    arn = response._get_param("resourceArn")
    if arn.endswith(":*"):
        raise InvalidParameterException(
            constraint="Member must satisfy regular expression pattern: [\\w+=/:,.@-]*",
            parameter="resourceArn",
            value=arn,
        )
    _, _, name = arn.partition(":log-group:")
    if name and name not in response.logs_backend.groups:
        raise ResourceNotFoundException("The specified log group does not exist.")
    return original(response)
