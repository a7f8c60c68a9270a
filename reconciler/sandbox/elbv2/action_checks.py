"""Check the actions of a rule, and of a listener's default rule, on a listener of a given protocol."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.elbv2.actions import UNCHANGED
from reconciler.sandbox.elbv2.log_ins import check_log_ins
from reconciler.sandbox.elbv2.quotas import ACTIONS_PER_RULE, QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid, refuse

Action = Mapping[str, Any]
MAX_WEIGHT = 999
WEEK = 604_800  # seconds
PORTS = range(1, 65_536)
# The member that an action of each type needs.
CONFIGS = {
    "redirect": "RedirectConfig",
    "fixed-response": "FixedResponseConfig",
    "authenticate-oidc": "AuthenticateOidcConfig",
    "authenticate-cognito": "AuthenticateCognitoConfig",
    "jwt-validation": "JwtValidationConfig",
}
ROUTING = ("forward", "redirect", "fixed-response")
CONTENT_TYPES = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")


def _quote(texts: tuple[str, ...]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


def bad_action(message: str) -> None:
    """Refuse an action that its listener does not take."""
    refuse("InvalidLoadBalancerAction", message)


def check_actions(actions: list[Any], protocol: str) -> None:
    """Refuse actions that are not exactly one that routes, after those that authenticate over HTTPS.

    `protocol` is that of the listener. Only forwards are taken by listeners of a network load balancer.
    """
    if not actions:
        invalid("An action must be specified")
    if len(actions) > ACTIONS_PER_RULE:
        refuse("TooManyActions", f"A rule cannot have more than '{ACTIONS_PER_RULE}' actions")
    _check_orders(actions)
    last = max(actions, key=lambda action: int(action.get("Order", 1)))
    if last["Type"] not in ROUTING or sum(action["Type"] in ROUTING for action in actions) > 1:
        bad_action(
            "Exactly one action must have the type 'forward', 'redirect' or 'fixed-response', "
            "and it must be the last action to be performed"
        )
    for action in actions:
        if protocol not in ("HTTP", "HTTPS") and action["Type"] != "forward":
            bad_action(f"Actions of type '{action['Type']}' are not supported on {protocol} listeners")
        if action["Type"] not in ROUTING and protocol != "HTTPS":
            bad_action(f"Actions of type '{action['Type']}' are supported only on HTTPS listeners")
        _check_action(action, protocol)
    check_log_ins(actions)


def _check_orders(actions: list[Any]) -> None:
    orders = [action.get("Order") for action in actions]
    if len(actions) > 1 and (None in orders or len(set(orders)) < len(orders)):
        bad_action("You must specify a different order for each action of a rule with multiple actions")


def _check_action(action: Action, protocol: str) -> None:
    kind = action["Type"]
    if kind == "forward":
        _check_forward(action)
    elif CONFIGS[kind] not in action:
        bad_action(f"For actions of type '{kind}', you must specify the following fields: '{CONFIGS[kind]}'")
    elif kind == "redirect":
        _check_redirect(action["RedirectConfig"], protocol)
    elif kind == "fixed-response":
        content_type = action["FixedResponseConfig"].get("ContentType")
        if content_type and content_type not in CONTENT_TYPES:
            bad_action(f"The ContentType must be one of:{_quote(CONTENT_TYPES)}")


def _check_forward(action: Action) -> None:
    config, arn = action.get("ForwardConfig"), action.get("TargetGroupArn")
    if not arn and not (config or {}).get("TargetGroups"):
        bad_action(
            "For actions of type 'forward', you must specify the following fields: "
            "'TargetGroupArn' or 'ForwardConfig'"
        )
    if config is None:
        return
    groups = config.get("TargetGroups", [])
    arns = [group["TargetGroupArn"] for group in groups]
    if arn and arns != [arn]:
        bad_action("If you specify both ForwardConfig and TargetGroupArn, they must have the same target group")
    if len(set(arns)) < len(arns):
        bad_action("Target groups in a forward action must be unique")
    _check_groups(groups)
    _check_stickiness(config.get("TargetGroupStickinessConfig", {}))


def _check_groups(groups: list[Any]) -> None:
    """Refuse more than five groups (ELB user guide, quotas) and weights above 999 (aws-cdk#24805)."""
    most = QUOTAS["target-groups-per-action-on-application-load-balancer"]
    if len(groups) > most:
        refuse("TooManyTargetGroups", f"A forward action cannot have more than '{most}' target groups")
    if not all(0 <= int(group.get("Weight", 1)) <= MAX_WEIGHT for group in groups):
        invalid(f"The weight for each target group must be between 0 and {MAX_WEIGHT}, inclusive")


def _check_stickiness(config: Mapping[str, Any]) -> None:
    seconds = config.get("DurationSeconds")
    if config.get("Enabled") and seconds is None:
        invalid("You must specify a duration when you enable target group stickiness")
    if seconds is not None and not 1 <= int(seconds) <= WEEK:
        invalid(f"The target group stickiness duration must be between 1 and {WEEK} seconds, inclusive")


def _check_redirect(config: Mapping[str, Any], protocol: str) -> None:
    full = {**UNCHANGED, **config}
    if "StatusCode" not in config:
        bad_action("For actions of type 'redirect', you must specify the following fields: 'StatusCode'")
    if protocol == "HTTPS" and full["Protocol"] == "HTTP":
        bad_action("A redirect from HTTPS to HTTP is not supported")
    if full["Port"] != "#{port}" and not (full["Port"].isdecimal() and int(full["Port"]) in PORTS):
        bad_action("The redirect port must be a value from 1 to 65535 or #{port}")
    if not full["Path"].startswith("/"):
        bad_action("The redirect path must start with a '/'")
    if all(full[part] == UNCHANGED[part] for part in ("Protocol", "Port", "Host", "Path")):
        bad_action("The RedirectConfig is not valid because it creates a loop")
