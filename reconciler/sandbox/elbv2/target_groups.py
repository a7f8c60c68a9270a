"""Target groups as in AWS: idempotent creates, defaults as recorded, at most one load balancer for a group."""

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.elbv2.health_checks import check_health_check, complete_check
from reconciler.sandbox.elbv2.refusals import refuse
from reconciler.sandbox.elbv2.target_group_attributes import default_attributes
from reconciler.sandbox.elbv2.target_group_checks import check_create, complete_settings
from reconciler.sandbox.world import add, wrap

# The health check of a target group: the API's names, and moto's of what it keeps.
_FIELDS = {
    "HealthCheckEnabled": "health_check_enabled",
    "HealthCheckProtocol": "health_check_protocol",
    "HealthCheckPort": "health_check_port",
    "HealthCheckPath": "health_check_path",
    "HealthCheckIntervalSeconds": "health_check_interval_seconds",
    "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold_count",
    "UnhealthyThresholdCount": "unhealthy_threshold_count",
    "Matcher": "matcher",
    "TargetControlPort": "target_control_port",
}
_NO_SETTINGS = ("Tags", "TargetGroupArn")


def install() -> None:
    wrap(ELBV2Response, "create_target_group", _create)
    wrap(ELBV2Response, "modify_target_group", _modify)
    wrap(ELBv2Backend, "modify_target_group", _change)
    wrap(ELBv2Backend, "describe_target_groups", _describe)
    add(FakeTargetGroup, "load_balancer_arns", property(_load_balancer_arns, _ignore))


def _create(original: Any, response: Any) -> Any:
    """Create a target group, or answer with the one of this name and these settings. Tags do not count."""
    elb, sent = response.elbv2_backend, response._get_params()
    settings = complete_settings({k: v for k, v in sent.items() if k not in _NO_SETTINGS})
    check_create(elb, settings)
    settings = complete_check(settings)
    check_health_check(settings)
    existing = next((group for group in elb.target_groups.values() if group.name == sent["Name"]), None)
    if existing is not None and existing.settings != settings:
        refuse(
            "DuplicateTargetGroupName",
            f"A target group with the same name '{existing.name}' exists, but with different settings",
        )
    if existing is not None:
        return ActionResult({"TargetGroups": [existing]})
    response.params = {**settings, "Tags": sent.get("Tags")}
    answer = original(response)
    (group,) = answer.result["TargetGroups"]
    group.attributes = default_attributes(group)
    _keep(group, settings)
    return answer


def _keep(group: Any, settings: Mapping[str, Any]) -> None:
    """Let the group tell these settings."""
    group.settings = dict(settings)
    for name, field in _FIELDS.items():
        setattr(group, field, settings.get(name))


def _modify(_original: Any, response: Any) -> Any:
    """Change the health check. What is not sent stays; a check that changes to TCP loses path and matcher."""
    sent = response._get_params()
    group = response.elbv2_backend.target_groups.get(sent["TargetGroupArn"])
    if group is None:
        raise TargetGroupNotFoundError
    settings = {**group.settings, **{k: v for k, v in sent.items() if k not in _NO_SETTINGS}}
    if settings.get("HealthCheckProtocol") == "TCP":
        dropped = {"HealthCheckPath", "Matcher"} - set(sent)
        settings = {key: value for key, value in settings.items() if key not in dropped}
    settings = complete_check(settings)
    check_health_check(settings)
    return ActionResult({"TargetGroups": [response.elbv2_backend.modify_target_group(group.arn, settings)]})


def _change(_original: Any, elb: Any, arn: str, settings: Mapping[str, Any]) -> Any:
    """Give a target group these settings; a call of its own, so that lag can be wrapped around it."""
    _keep(elb.target_groups[arn], settings)
    return elb.target_groups[arn]


def _describe(original: Any, elb: Any, load_balancer_arn: str | None, arns: list[str], names: Any) -> Any:
    """Describe target groups. For a load balancer without any the list is empty; moto alone would fail."""
    if load_balancer_arn in elb.load_balancers and not arns and not names:
        groups = [g for g in elb.target_groups.values() if load_balancer_arn in g.load_balancer_arns]
        return sorted(groups, key=lambda group: group.name)
    return original(elb, load_balancer_arn, arns, names)


def _load_balancer_arns(group: Any) -> list[str]:
    """Return the load balancers that forward to the group now. moto does not record the end of such a use."""
    elb = elbv2_backends[group.account_id][group.region_name]
    return [arn for arn, lb in elb.load_balancers.items() if group.arn in used_groups(lb)]


def _ignore(group: Any, value: Any) -> None:
    """Ignore the empty list that moto sets when it creates the group."""


def used_groups(balancer: Any) -> set[str]:
    """Return the ARNs of the target groups that the load balancer's listeners and rules forward to."""
    return {
        arn
        for listener in balancer.listeners.values()
        for rule in listener.rules.values()
        for action in rule.actions
        for arn in forwarded_to(action.data)
    }


def forwarded_to(action: dict[str, Any]) -> set[str]:
    """Return the ARNs of the target groups that an action forwards to."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    named = {group["TargetGroupArn"] for group in groups}
    return named | ({action["TargetGroupArn"]} if action.get("TargetGroupArn") else set())
