"""Web ACLs of load balancers: one each, which another one replaces without a word, and which goes with it."""

from typing import Any

from moto.elbv2 import elbv2_backends
from moto.wafv2.exceptions import WAFNonexistentItemException
from moto.wafv2.models import WAFV2Backend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import current, wrap

OF_BALANCER = ":loadbalancer/"
UNAVAILABLE = "AWS WAF couldn't retrieve the resource that you requested. Retry your request."


def install() -> None:
    wrap(WAFV2Backend, "associate_web_acl", _associate)
    wrap(WAFV2Backend, "disassociate_web_acl", _disassociate)
    wrap(WAFV2Backend, "get_web_acl_for_resource", _get)


def _associate(original: Any, waf: Any, web_acl_arn: str, resource_arn: str) -> None:
    """Associate a web ACL. WAF does not know a load balancer that provisions (terraform-provider-aws#17527)."""
    if web_acl_arn not in waf.wacls:
        raise WAFNonexistentItemException
    if OF_BALANCER in resource_arn:
        _check_balancer(waf, resource_arn)
        _leave_others(waf, resource_arn)
    original(waf, web_acl_arn, resource_arn)


def _check_balancer(waf: Any, arn: str) -> None:
    balancer = _find_balancer(waf, arn)
    if balancer is None:
        raise WAFNonexistentItemException
    if balancer.type != "application":
        message = "The resource type of the ARN isn't supported: web ACLs are for application load balancers"
        raise Refusal("WAFInvalidParameterException", message)
    if current().clock.now() < balancer.active_at:
        raise Refusal("WAFUnavailableEntityException", UNAVAILABLE)


def _find_balancer(waf: Any, arn: str) -> Any:
    return elbv2_backends[waf.account_id][waf.region_name].load_balancers.get(arn)


def _leave_others(waf: Any, arn: str) -> bool:
    """Take the resource from the web ACLs that have it; tell whether one had."""
    having = [acl for acl in waf.wacls.values() if arn in acl.associated_resources]
    for acl in having:
        acl.associated_resources[:] = [other for other in acl.associated_resources if other != arn]
    return bool(having)


def _disassociate(original: Any, waf: Any, resource_arn: str) -> None:
    if OF_BALANCER not in resource_arn:
        original(waf, resource_arn)
    elif _find_balancer(waf, resource_arn) is None or not _leave_others(waf, resource_arn):
        raise WAFNonexistentItemException


def _get(original: Any, waf: Any, resource_arn: str) -> Any:
    if OF_BALANCER in resource_arn and _find_balancer(waf, resource_arn) is None:
        raise WAFNonexistentItemException
    return original(waf, resource_arn)
