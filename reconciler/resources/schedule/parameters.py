"""Convert schedules to and from Scheduler's form. An update replaces all of one: it is always sent whole."""

import json
from collections.abc import Mapping
from typing import Any

from reconciler.resources.schedule.spec import Schedule

Raw = Mapping[str, Any]

OTHER = (  # of a schedule; what no field holds and AWS lets a caller send
    *("ActionAfterCompletion", "Description", "KmsKeyArn", "ScheduleExpressionTimezone"),
)
OTHER_OF_TASK = (  # of its EcsParameters
    *("CapacityProviderStrategy", "EnableECSManagedTags", "Group", "PlacementConstraints", "PlacementStrategy"),
    *("PlatformVersion", "ReferenceId", "Tags"),
)


def encode_schedule(want: Schedule, live: Schedule | None) -> dict[str, Any]:
    """Return the parameters of CreateSchedule, or of an UpdateSchedule that keeps what is not in the file."""
    kept = {name: json.loads(value) for name, value in live.others.items()} if live else {}
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": want.window} if want.window else {"Mode": "OFF"}
    dead_letters = {"DeadLetterConfig": {"Arn": want.dead_letters}} if want.dead_letters else {}
    return {
        **{name: kept[name] for name in OTHER if name in kept},
        "Name": want.name,
        "GroupName": want.group,
        "ScheduleExpression": want.expression,
        "FlexibleTimeWindow": window,
        "State": "ENABLED" if want.enabled else "DISABLED",
        **({"StartDate": want.starts} if want.starts else {}),
        **({"EndDate": want.ends} if want.ends else {}),
        "Target": {
            "Arn": want.cluster,
            "RoleArn": want.role,
            "EcsParameters": _encode_task(want, kept),
            "RetryPolicy": {
                "MaximumEventAgeInSeconds": want.retried_for,
                "MaximumRetryAttempts": want.retries,
            },
            **dead_letters,
            **({"Input": want.overrides} if want.overrides else {}),
        },
    }


def _encode_task(want: Schedule, kept: Raw) -> dict[str, Any]:
    network = {
        "Subnets": sorted(want.subnets),
        "SecurityGroups": sorted(want.security_groups),
        "AssignPublicIp": "ENABLED" if want.public_address else "DISABLED",
    }
    # RunTask takes a launch type or a strategy, and not both.
    left_out = {"CapacityProviderStrategy"} if want.launch_type else set()
    return {
        **{name: kept[name] for name in OTHER_OF_TASK if name in kept and name not in left_out},
        "TaskDefinitionArn": want.task_definition,
        "TaskCount": want.count,
        "NetworkConfiguration": {"awsvpcConfiguration": network},
        "EnableExecuteCommand": want.execute_command,
        **({"LaunchType": want.launch_type} if want.launch_type else {}),
        **({"PropagateTags": "TASK_DEFINITION"} if want.propagate_tags else {}),
    }


def from_aws(raw: Raw) -> Schedule:
    """Return the spec of a schedule of GetSchedule. One with another kind of target has no task."""
    target, task = raw["Target"], raw["Target"].get("EcsParameters", {})
    network = task.get("NetworkConfiguration", {}).get("awsvpcConfiguration", {})
    retry, window = target.get("RetryPolicy", {}), raw.get("FlexibleTimeWindow", {})
    return Schedule(
        name=raw["Name"],
        group=raw["GroupName"],
        expression=raw["ScheduleExpression"],
        window=window.get("MaximumWindowInMinutes", 0) if window.get("Mode") == "FLEXIBLE" else 0,
        enabled=raw.get("State", "ENABLED") == "ENABLED",
        starts=str(raw.get("StartDate") or ""),
        ends=str(raw.get("EndDate") or ""),
        cluster=target["Arn"],
        role=target["RoleArn"],
        task_definition=task.get("TaskDefinitionArn", ""),
        count=task.get("TaskCount", 1),
        launch_type=task.get("LaunchType"),
        subnets=frozenset(network.get("Subnets", ())),
        security_groups=frozenset(network.get("SecurityGroups", ())),
        public_address=network.get("AssignPublicIp") == "ENABLED",
        propagate_tags=task.get("PropagateTags") == "TASK_DEFINITION",
        execute_command=task.get("EnableExecuteCommand", False),
        overrides=target.get("Input", ""),
        dead_letters=target.get("DeadLetterConfig", {}).get("Arn"),
        retries=retry.get("MaximumRetryAttempts", 185),  # AWS's defaults (Scheduler API reference)
        retried_for=retry.get("MaximumEventAgeInSeconds", 86_400),
        others=_encode_others(raw, OTHER) | _encode_others(task, OTHER_OF_TASK),
    )


def _encode_others(raw: Raw, names: tuple[str, ...]) -> dict[str, str]:
    return {name: json.dumps(raw[name], default=str) for name in names if raw.get(name) is not None}
