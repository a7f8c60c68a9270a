"""Actions and conditions of rules as ELBv2 shows them: with all defaults, in both forms if there are two."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError

MAX_GROUPS = 5  # in a forward
MAX_WEIGHT = 999
# The parts of a redirect that leave the URL as it is: the defaults.
_UNCHANGED = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}
# The long form of a condition, by its field.
_CONFIG_OF_FIELD = {"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}


def complete_actions(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number the actions from 1.

    Give forwards both TargetGroupArn and ForwardConfig, and redirects all parts.
    """
    return [{"Order": number, **_complete_action(action)} for number, action in enumerate(actions, 1)]


def _complete_action(action: dict[str, Any]) -> dict[str, Any]:
    if action["Type"] == "forward":
        return _complete_forward(action)
    if action["Type"] == "redirect":
        return {**action, "RedirectConfig": _complete_redirect(action.get("RedirectConfig", {}))}
    return dict(action)


def _complete_forward(action: dict[str, Any]) -> dict[str, Any]:
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action.get("TargetGroupArn")}]}
    groups = [{"Weight": 1, **group} for group in config.get("TargetGroups", [])]
    _check_groups(groups)
    full = {
        **action,
        "ForwardConfig": {"TargetGroupStickinessConfig": {"Enabled": False}, **config, "TargetGroups": groups},
    }
    if len(groups) == 1:
        full["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    return full


def _check_groups(groups: list[dict[str, Any]]) -> None:
    """Refuse more than five groups (ELB user guide, quotas) and weights above 999 (aws-cdk#24805)."""
    if len(groups) > MAX_GROUPS:
        message = f"A forward action cannot have more than '{MAX_GROUPS}' target groups"
        raise ELBClientError("TooManyTargetGroups", message)
    if not all(0 <= int(group["Weight"]) <= MAX_WEIGHT for group in groups):
        message = f"The weight for each target group must be between 0 and {MAX_WEIGHT}, inclusive"
        raise ELBClientError("ValidationError", message)


def _complete_redirect(config: dict[str, Any]) -> dict[str, Any]:
    full = {**_UNCHANGED, **config}
    if all(full[part] == _UNCHANGED[part] for part in ("Protocol", "Port", "Host", "Path")):
        message = "The RedirectConfig is not valid because it creates a loop"
        raise ELBClientError("InvalidLoadBalancerAction", message)
    return full


def complete_conditions(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give path and host conditions both Values and their Config, whichever was sent."""
    return [_complete_condition(condition) for condition in conditions]


def _complete_condition(condition: dict[str, Any]) -> dict[str, Any]:
    form = _CONFIG_OF_FIELD.get(condition.get("Field", ""))
    if form is None:
        return condition
    values = condition[form]["Values"] if form in condition else condition["Values"]
    return {**condition, "Values": values, form: {"Values": values}}


def count_values(conditions: list[dict[str, Any]]) -> int:
    """Count the values of all conditions of a rule."""
    return sum(
        len(config.get("Values", []))
        for condition in complete_conditions(conditions)
        for key, config in condition.items()
        if key.endswith("Config")
    )
