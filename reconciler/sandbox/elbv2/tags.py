"""Tags in ELBv2: at most 20 resources in a call and 50 tags on a resource; absent resources are refused."""

from typing import Any

from moto.elbv2.exceptions import DuplicateTagKeysError, TooManyTagsError
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.world import add, wrap

MAX_NAMED = 20  # ARNs or names in one call
MAX_TAGS = 50
CREATES = ("create_load_balancer", "create_target_group", "create_listener", "create_rule")


def install() -> None:
    wrap(ELBv2Backend, "describe_tags", _describe_tags)
    wrap(ELBV2Response, "describe_load_balancers", _check_counts)
    wrap(ELBV2Response, "describe_target_groups", _check_counts)
    for create in CREATES:
        wrap(ELBV2Response, create, _check_new)
    add(ELBv2Backend, "add_tags", _add_tags)
    wrap(ELBv2Backend, "remove_tags", _remove_tags)


def _describe_tags(original: Any, elb: Any, resource_arns: list[str]) -> Any:
    _check_resources(elb, resource_arns)
    return original(elb, resource_arns)


def _check_resources(elb: Any, resource_arns: list[str]) -> None:
    check_count("resource ARNs", resource_arns)
    for arn in resource_arns:
        _check_resource(elb, arn)


def _check_resource(elb: Any, arn: str) -> None:
    """Refuse what is not there, by its kind. The ARNs of listeners and rules contain their load balancer's."""
    _, _, resource = arn.partition(":elasticloadbalancing:")
    kind = resource.split(":")[-1].partition("/")[0]
    listeners = [each for balancer in elb.load_balancers.values() for each in balancer.listeners.values()]
    match kind:
        case "loadbalancer" if arn not in elb.load_balancers:
            refuse("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
        case "targetgroup" if arn not in elb.target_groups:
            refuse("TargetGroupNotFound", f"Target group '{arn}' not found")
        case "listener" if arn not in {listener.arn for listener in listeners}:
            refuse("ListenerNotFound", f"Listener '{arn}' not found")
        case "listener-rule" if arn not in {rule.arn for each in listeners for rule in each.rules.values()}:
            refuse("RuleNotFound", f"Rule '{arn}' not found")
        case "truststore":
            refuse("TrustStoreNotFound", f"Trust store '{arn}' not found")
        case "loadbalancer" | "targetgroup" | "listener" | "listener-rule":
            return
    invalid(f"'{arn}' is not a valid ARN")


def _check_counts(original: Any, response: Any) -> Any:
    for parameter in ("LoadBalancerArns", "TargetGroupArns", "Names"):
        check_count(parameter, response._get_param(parameter, []))
    return original(response)


def check_count(what: str, items: list[str]) -> None:
    """Refuse more than 20 ARNs or names in one call."""
    if len(items) > MAX_NAMED:
        invalid(f"The number of {what} '{len(items)}' cannot be more than '{MAX_NAMED}'")


def _check_new(original: Any, response: Any) -> Any:
    """Check the tags of a create before anything else of it is looked at."""
    tags = response._get_param("Tags", [])
    _check_keys([tag["Key"] for tag in tags])
    if len(tags) > MAX_TAGS:
        raise TooManyTagsError
    for tag in tags:
        tag.setdefault("Value", "")
    return original(response)


def _check_keys(keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise DuplicateTagKeysError(key)
        if key.lower().startswith("aws:"):
            invalid(f"Tag key '{key}' cannot begin with 'aws:', which is reserved for system use")


def _add_tags(elb: Any, resource_arns: list[str], tags: list[dict[str, str]]) -> None:
    """Tag several resources, all or none."""
    new = [tag["Key"] for tag in tags]
    _check_keys(new)
    _check_resources(elb, resource_arns)
    for arn in resource_arns:
        if len({*elb.tagging_service.get_tag_dict_for_resource(arn), *new}) > MAX_TAGS:
            raise TooManyTagsError
    for arn in resource_arns:
        elb.tagging_service.tag_resource(arn, [{"Value": "", **tag} for tag in tags])


def _remove_tags(original: Any, elb: Any, resource_arns: list[str], tag_keys: list[str]) -> None:
    _check_keys(list(dict.fromkeys(tag_keys)))
    _check_resources(elb, resource_arns)
    original(elb, resource_arns, tag_keys)
