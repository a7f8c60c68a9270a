"""The settings of an account, of which clusters take their default for Container Insights."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import AccountSetting
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.world import add

DEFAULTS = {  # AWS's own values (ECS developer guide, account settings)
    "serviceLongArnFormat": "enabled",
    "taskLongArnFormat": "enabled",
    "containerInstanceLongArnFormat": "enabled",
    "awsvpcTrunking": "disabled",
    "containerInsights": "disabled",
    "fargateFIPSMode": "disabled",
    "tagResourceAuthorization": "on",
    "fargateTaskRetirementWaitPeriod": "7",
    "guardDutyActivate": "off",
    "defaultLogDriverMode": "non-blocking",
    "fargateEventWindows": "disabled",
}
VALUES = {  # those that are no plain switch
    "containerInsights": ("enabled", "disabled", "enhanced", "on", "off"),
    "fargateTaskRetirementWaitPeriod": ("0", "7", "14"),
    "defaultLogDriverMode": ("blocking", "non-blocking"),
}
SWITCH = ("enabled", "disabled", "on", "off")
AWS_OWN = "guardDutyActivate"  # read only
PAGE = 10  # settings of a list


def install() -> None:
    for action in (put_account_setting, list_account_settings, delete_account_setting):
        add(EC2ContainerServiceResponse, action.__name__, action)
    add(EC2ContainerServiceResponse, "put_account_setting_default", put_account_setting)


def put_account_setting(response: Any) -> ActionResult:
    """Set a setting of the account. There is one principal here: the account's root."""
    name, value = response._get_param("name"), response._get_param("value")
    if name == AWS_OWN:
        raise InvalidParameterException(f"{name} is read-only.")
    if value not in VALUES.get(name, SWITCH):
        raise InvalidParameterException(f"The value {value} is not valid for the account setting {name}.")
    response.ecs_backend.account_settings[name] = AccountSetting(name, value)
    return ActionResult({"setting": _answer(response.ecs_backend, name)})


def list_account_settings(response: Any) -> ActionResult:
    """List the settings that were put, or with effectiveSettings all, AWS's defaults among them."""
    ecs = response.ecs_backend
    name, value = response._get_param("name"), response._get_param("value")
    if value is not None and name is None:
        raise InvalidParameterException("A value can be given only with a name.")
    effective = str(response._get_param("effectiveSettings", "")).lower() == "true"
    names = DEFAULTS if effective else ecs.account_settings
    found = [_answer(ecs, key) for key in sorted(names) if name in (None, key)]
    return page(response, "settings", [s for s in found if value in (None, s["value"])], PAGE, most=PAGE)


def delete_account_setting(response: Any) -> ActionResult:
    """Return to AWS's default."""
    ecs, name = response.ecs_backend, response._get_param("name")
    ecs.account_settings.pop(name, None)
    return ActionResult({"setting": _answer(ecs, name)})


def _answer(ecs: Any, name: str) -> dict[str, str]:
    setting = ecs.account_settings.get(name)
    return {
        "name": name,
        "value": setting.value if setting else DEFAULTS.get(name, ""),
        "principalArn": f"arn:{ecs.partition}:iam::{ecs.account_id}:root",
        "type": "aws_managed" if name == AWS_OWN else "user",
    }
