"""Actions and conditions in the form in which AWS gives them back: every default filled, both forms at once."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError

_SAME = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}
_FORMS = {"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}


def complete_actions(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders from 1; a forward with TargetGroupArn and ForwardConfig; a redirect with all its parts."""
    return [{"Order": number, **_complete(action)} for number, action in enumerate(actions, 1)]


def _complete(action: dict[str, Any]) -> dict[str, Any]:
    if action["Type"] == "forward":
        return _complete_forward(action)
    if action["Type"] == "redirect":
        return {**action, "RedirectConfig": _complete_redirect(action.get("RedirectConfig", {}))}
    return dict(action)


def _complete_forward(action: dict[str, Any]) -> dict[str, Any]:
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action.get("TargetGroupArn")}]}
    groups = [{"Weight": 1, **group} for group in config.get("TargetGroups", [])]
    full = {
        **action,
        "ForwardConfig": {"TargetGroupStickinessConfig": {"Enabled": False}, **config, "TargetGroups": groups},
    }
    if len(groups) == 1:
        full["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    return full


def _complete_redirect(config: dict[str, Any]) -> dict[str, Any]:
    full = {**_SAME, **config}
    if all(full[part] == _SAME[part] for part in ("Protocol", "Port", "Host", "Path")):
        message = "The RedirectConfig is not valid because it creates a loop"
        raise ELBClientError("InvalidLoadBalancerAction", message)
    return full


def complete_conditions(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Path and host conditions have Values and the Config, whichever was sent."""
    return [_complete_condition(condition) for condition in conditions]


def _complete_condition(condition: dict[str, Any]) -> dict[str, Any]:
    form = _FORMS.get(condition.get("Field", ""))
    if form is None:
        return condition
    values = condition[form]["Values"] if form in condition else condition["Values"]
    return {**condition, "Values": values, form: {"Values": values}}


def count_values(conditions: list[dict[str, Any]]) -> int:
    """AWS allows a rule five condition values in all."""
    return sum(
        len(config.get("Values", []))
        for condition in complete_conditions(conditions)
        for key, config in condition.items()
        if key.endswith("Config")
    )
