"""Actions of rules as ELBv2 shows them: with all defaults, and a forward to one group in both forms."""

from typing import Any

from reconciler.sandbox.elbv2.log_ins import CONFIGS, NOT_TOLD

# The parts of a redirect that leave the URL as it is: the defaults.
UNCHANGED = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}
_AUTHENTICATION = {  # the defaults of both kinds (ELBv2 API reference)
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "Scope": "openid",
    "SessionTimeout": 604_800,
    "OnUnauthenticatedRequest": "authenticate",
}


def complete_actions(actions: list[dict[str, Any]], *, network: bool = False) -> list[dict[str, Any]]:
    """Sort the actions by their order, number them from 1 and give each all of its parts."""
    in_order = sorted(actions, key=lambda action: int(action.get("Order", 1)))
    return [
        {"Order": number, **_complete_action(action, network=network)}
        for number, action in enumerate(in_order, 1)
    ]


def _complete_action(action: dict[str, Any], *, network: bool) -> dict[str, Any]:
    if action["Type"] == "forward":
        return _complete_forward(action, network=network)
    if action["Type"] == "redirect":
        return {**action, "RedirectConfig": {**UNCHANGED, **action["RedirectConfig"]}}
    if config := CONFIGS.get(action["Type"]):
        told = {key: value for key, value in action[config].items() if key not in NOT_TOLD}
        return {**action, config: {**_AUTHENTICATION, **told}}
    return dict(action)


def _complete_forward(action: dict[str, Any], *, network: bool) -> dict[str, Any]:
    """Give a forward both forms. A network load balancer tells no weight of a single group (recorded).

    That it tells those of several, which it takes since November 2025, is an assumption.
    """
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]}
    named = config.get("TargetGroups", [])
    weight = {} if network and len(named) == 1 else {"Weight": 1}
    groups = [{**weight, **group} for group in named]
    if not weight:
        groups = [{key: value for key, value in group.items() if key != "Weight"} for group in groups]
    stickiness = {"Enabled": False, **config.get("TargetGroupStickinessConfig", {})}
    full = {**action, "ForwardConfig": {"TargetGroupStickinessConfig": stickiness, "TargetGroups": groups}}
    if len(groups) == 1:
        full["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    return full
