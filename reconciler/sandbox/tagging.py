"""GetResources, extended by ECR, listeners and rules, Cloud Map and scalable targets. It lacks dashboards."""

from collections.abc import Iterator
from typing import Any

from moto.applicationautoscaling import applicationautoscaling_backends
from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.ec2 import ec2_backends
from moto.ecr import ecr_backends
from moto.elbv2 import elbv2_backends
from moto.events import events_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.servicediscovery import servicediscovery_backends
from moto.utilities.utils import get_partition

from reconciler.sandbox.autoscaling.targets import drop_targets_of_deleted_services
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import wrap

EC2_TYPES = {  # the beginnings of ids that moto does not list -> their types in ARNs
    "acl": "network-acl",
    "eigw": "egress-only-internet-gateway",
    "eipalloc": "elastic-ip",
    "sgr": "security-group-rule",
    "vpce": "vpc-endpoint",
}


def install() -> None:
    wrap(ResourceGroupsTaggingAPIBackend, "_get_resources_generator", _find_resources)


def _find_resources(
    original: Any,
    tagging: Any,
    tag_filters: Any = None,
    resource_type_filters: Any = None,
    resource_arn_list: Any = None,
) -> Iterator[TaggedResource]:
    """Yield the resources with tags that pass the filters: those that moto finds, then the others."""
    matches = make_tag_matcher(tag_filters)
    for found in original(tagging, tag_filters, resource_type_filters, resource_arn_list):
        if found.tags:
            yield found
    for found in _more_resources(tagging.account_id, tagging.region_name):
        wanted = match_resource_type(found.resource_type, resource_type_filters)
        named = not resource_arn_list or found.arn in resource_arn_list
        if found.tags and wanted and named and matches(found.tags):
            yield found


def _more_resources(account: str, region: str) -> Iterator[TaggedResource]:
    ec2 = ec2_backends[account][region]
    for own_id in [own_id for own_id in ec2.tags if own_id.rpartition("-")[0] in EC2_TYPES]:
        if find(ec2, own_id) is not None:
            kind = EC2_TYPES[own_id.rpartition("-")[0]]
            arn = f"arn:{get_partition(region)}:ec2:{region}:{account}:{kind}/{own_id}"
            yield TaggedResource(arn, dict(ec2.tags[own_id]), f"ec2:{kind}")
    ecr = ecr_backends[account][region]
    for repository in ecr.repositories.values():
        yield _tagged(ecr.tagger, repository.arn, "ecr:repository")
    elb = elbv2_backends[account][region]
    for balancer in elb.load_balancers.values():
        for listener in balancer.listeners.values():
            yield _tagged(elb.tagging_service, listener.arn, "elasticloadbalancing:listener")
            for arn in listener._non_default_rules:
                yield _tagged(elb.tagging_service, arn, "elasticloadbalancing:listener-rule")
    discovery = servicediscovery_backends[account][region]
    for namespace in discovery.list_namespaces():
        yield _tagged(discovery.tagger, namespace.arn, "servicediscovery:namespace")
    for service in discovery.services.values():
        yield _tagged(discovery.tagger, service.arn, "servicediscovery:service")
    yield from _scalable_targets(account, region)
    for rule in events_backends[account][region].event_buses["default"].rules.values():
        yield _tagged(events_backends[account][region].tagger, rule.arn, "events:rule")


def _tagged(tagger: Any, arn: str, resource_type: str) -> TaggedResource:
    return TaggedResource(arn, tagger.get_tag_dict_for_resource(arn), resource_type)


def _scalable_targets(account: str, region: str) -> Iterator[TaggedResource]:
    scaling = applicationautoscaling_backends[account][region]
    drop_targets_of_deleted_services(scaling)
    for targets in scaling.targets.values():
        for target in targets.values():
            tags = getattr(target, "tags", {})
            yield TaggedResource(target.arn, tags, "application-autoscaling:scalable-target")
