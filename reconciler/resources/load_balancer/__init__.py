"""Load balancers. Their name is unique in the region, and AWS takes minutes to create one."""

from collections.abc import Iterator, Mapping
from functools import partial

from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Later, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import elb
from reconciler.resources.dns_zones import ZONES
from reconciler.resources.elb_attributes import describe_attributes
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.load_balancer.attribute_changes import BUCKET_NOT_YET, find_attributes
from reconciler.resources.load_balancer.log_buckets import check_log_buckets
from reconciler.resources.load_balancer.severities import SEVERITIES
from reconciler.resources.load_balancer.spec import (
    CROSS_ZONE,
    DELETION_PROTECTION,
    DROP_INVALID_HEADERS,
    HTTP2,
    LOGS,
    MADE_DROPPING,
    NETWORK,
    LoadBalancer,
)
from reconciler.resources.load_balancer.waiters import BALANCER_ACTIVE, BALANCER_DELETED, wait_for
from reconciler.resources.load_balancer.web_acl import check_web_acls, read_web_acl, set_web_acl
from reconciler.resources.zone_tag import make_zone_tag, narrow_zone_tag, widen_zone_tag

__all__ = [
    "CROSS_ZONE",
    "DROP_INVALID_HEADERS",
    "HTTP2",
    "KIND",
    "LOGS",
    "NETWORK",
    "LoadBalancer",
    "ensure_load_balancer",
    "from_aws",
]

NOT_FOUND = ("LoadBalancerNotFound",)
# For subnets, groups and gateways created seconds ago (ELBv2 API reference, errors of CreateLoadBalancer).
SUBNET_NOT_YET = ("SubnetNotFound", "InvalidSubnet")
GROUP_NOT_YET = ("InvalidSecurityGroup", ErrorMatch("InvalidConfigurationRequest", "security group"))
PATIENCE = 600  # seconds until a load balancer is active, and what it needs is known to ELB
# Some have met it while the load balancer was provisioning (alchemy#207), which takes up to three minutes
# (cdkd#1274). It also forbids an account to make load balancers and protects one from deletion, in other calls.
PROVISIONING = "OperationNotPermitted"
ROLE_NOT_YET = ErrorMatch("OperationNotPermitted", "linked role")  # an account's first load balancer

INTERRUPTION = (
    "no requests are answered until the new one is active, then 503 until its targets are healthy; "
    "it has another DNS name"
)
NO_CONNECTIONS = (
    "connections are cut, and none are taken until the new one is active and its targets are healthy; "
    "it has another DNS name"
)
OUTPUT_PATHS = {  # JMESPaths
    "id": "LoadBalancers[0].LoadBalancerArn",
    "dns": "LoadBalancers[0].DNSName",
    "zone": "LoadBalancers[0].CanonicalHostedZoneId",
    "dimension": "after(LoadBalancers[0].LoadBalancerArn, ':loadbalancer/')",  # its name in metrics
}


def read(reads: Reads) -> Iterator[Live[LoadBalancer]]:
    balancers, desired = elb.list_load_balancers(reads), reads.desired.names("load_balancer")
    expected = [
        b["LoadBalancerArn"] for b in balancers if b["LoadBalancerName"] in desired and elb.is_managed(b)
    ]
    reads.ahead(partial(describe_attributes, reads, "load_balancer"), expected)
    tags_by_arn = elb.read_tags(reads)
    for balancer in balancers:
        arn, aws_name = balancer["LoadBalancerArn"], str(balancer["LoadBalancerName"])
        resource_tags = tags_by_arn.get(arn, {})
        owner = tags.owner(resource_tags)
        is_compared = owner == reads.stack.name and elb.is_managed(balancer)
        attributes = describe_attributes(reads, "load_balancer", arn) if is_compared else {}
        # Its name in AWS is the one in the plan, whatever a tag says: it is unique, and cannot change.
        spec = from_aws(aws_name, resource_tags, balancer, attributes)
        if is_compared:
            spec = spec.model_copy(update={"web_acl": read_web_acl(reads, aws_name, arn)})
        yield Live(spec, _find_outputs(balancer), owner)


def _find_outputs(balancer: elb.Raw) -> dict[str, str]:
    values = {output: search(path, {"LoadBalancers": [balancer]}) for output, path in OUTPUT_PATHS.items()}
    return {output: value for output, value in values.items() if value}


def from_aws(
    name: str, resource_tags: tags.Tags, balancer: elb.Raw, attributes: Mapping[str, str]
) -> LoadBalancer:
    """Return the spec of a load balancer of DescribeLoadBalancers, with this name in the plan."""
    if not elb.is_managed(balancer):
        return LoadBalancer(
            name=name,
            tags=resource_tags,
            type=balancer["Type"],
            vpc="",
            subnets=frozenset(),
            security_groups=frozenset(),
            attributes={},
        )
    state, is_network = balancer["State"], balancer.get("Type") == NETWORK
    is_marked = MADE_DROPPING in resource_tags and bool(attributes)
    return LoadBalancer(
        name=name,
        tags=resource_tags,
        type=balancer.get("Type", "application"),
        scheme=balancer["Scheme"],
        vpc=balancer["VpcId"],
        subnets=frozenset(zone["SubnetId"] for zone in balancer["AvailabilityZones"]),
        security_groups=frozenset(balancer.get("SecurityGroups", ())),
        attributes=attributes,
        groupless=is_network and not balancer.get("SecurityGroups"),
        drops_invalid_headers=attributes.get(DROP_INVALID_HEADERS) == "true" if is_marked else None,
        dns_zones=resource_tags.get(ZONES, ""),
        failure=state.get("Reason", state["Code"]) if state["Code"] == "failed" else None,
        provisioning=state["Code"] == "provisioning",
        deletion_protection=attributes.get(DELETION_PROTECTION) == "true",
    )


def ensure_load_balancer(want: LoadBalancer, live: Live[LoadBalancer] | None) -> Iterator[Step | Later]:
    arn = {"LoadBalancerArn": want.ref()}
    subnets = {"Subnets": sorted(want.subnets)}
    groups = {"SecurityGroups": sorted(want.security_groups)}
    not_active = (PROVISIONING,) if not live or live.spec.provisioning else ()
    if live:
        yield from tags.retag(tags.ELB, want, live)
        yield from widen_zone_tag(want, live.spec)
        if want.subnets != live.spec.subnets:
            not_yet = (*if_new(SUBNET_NOT_YET, *want.subnets), *not_active)
            yield Call("elbv2", "set_subnets", arn | subnets, retry=not_yet, patience=PATIENCE)
        if want.security_groups != live.spec.security_groups:
            not_yet = (*if_new(GROUP_NOT_YET, *want.security_groups), *not_active)
            yield Call("elbv2", "set_security_groups", arn | groups, retry=not_yet, patience=PATIENCE)
    else:
        mark = {MADE_DROPPING: "true"} if want.drops_invalid_headers else {}
        all_tags = tags.encode({**want.tags, **make_zone_tag(want), **mark})
        params = {"Name": want.name, "Type": want.type, "Scheme": want.scheme, "Tags": all_tags}
        subnets_not_yet = if_new(SUBNET_NOT_YET, *want.subnets)
        not_yet = (*subnets_not_yet, *if_new(GROUP_NOT_YET, *want.security_groups), ROLE_NOT_YET)
        params |= subnets | groups
        yield Call("elbv2", "create_load_balancer", params, OUTPUT_PATHS, retry=not_yet, patience=PATIENCE)
    for attributes in find_attributes(want, live):
        params = arn | {"Attributes": attributes}
        yield Call(
            "elbv2",
            "modify_load_balancer_attributes",
            params,
            retry=(*if_new(NOT_FOUND, want.ref()), *not_active, BUCKET_NOT_YET),
            patience=PATIENCE,
            settling=not live,  # listeners and services need no attribute
        )
    if not live:
        yield wait_for(BALANCER_ACTIVE, want.ref(), settling=True)
    yield from set_web_acl(want, live)  # WAF knows none that is still made
    if live:
        yield from narrow_zone_tag(want, live.spec)


def remove(live: Live[LoadBalancer]) -> Iterator[Step]:
    arn = live.outputs["id"]
    in_use = ("ResourceInUse",)  # by an endpoint service, perhaps for two minutes more (alchemy#207)
    yield Call("elbv2", "delete_load_balancer", {"LoadBalancerArn": arn}, ignore=NOT_FOUND, retry=in_use)
    yield wait_for(BALANCER_DELETED, arn)


def clashes(live: LoadBalancer, want: LoadBalancer) -> bool:
    """Tell whether both have the same name, which is unique in a region."""
    return live.name == want.name


def warn(want: LoadBalancer, live: Live[LoadBalancer] | None) -> Iterator[str]:
    """Yield what becomes of tasks in a zone that it leaves: they are unused targets (ELB, "Target health")."""
    if live and (left := live.spec.subnets - want.subnets):
        subnets = "a subnet" if len(left) == 1 else f"{len(left)} subnets"
        yield f"it leaves {subnets}: tasks there get no requests until the rollouts have moved them to other zones"
    if live and live.spec.web_acl and want.web_acl not in (None, live.spec.web_acl):
        yield f"the web ACL {live.spec.web_acl} is before it, perhaps by Firewall Manager, and will not be any more"


def interrupts(want: LoadBalancer, live: LoadBalancer) -> str:
    """Say what a replacement costs: two of one name cannot exist."""
    words = NO_CONNECTIONS if want.type == live.type == NETWORK else INTERRUPTION
    return words if want.immutable != live.immutable else ""


def protected(live: Live[LoadBalancer]) -> str:
    """Return the remedy if it has deletion protection: AWS would refuse only after other deletions."""
    remedy = "set `deletion_protection: false` in the file and apply that first"
    return remedy if live.spec.deletion_protection else ""


def _check(reads: Reads) -> Iterator[Conflict | PlanWarning]:
    yield from check_log_buckets(reads)
    yield from check_web_acls(reads)


KIND = Kind(
    LoadBalancer,
    read,
    ensure_load_balancer,
    remove,
    relations=Relations(clashes=clashes, protected=protected, interrupts=interrupts),
    tagging=tags.ELB,
    severities=SEVERITIES,
    early={"elbv2": elb.list_all_load_balancers},
    warn=warn,
    check=_check,
    indexed_as="elasticloadbalancing:loadbalancer/",
    trusts_index=True,
    touched_by=TouchedBy(
        "elasticloadbalancing.amazonaws.com",
        {"loadBalancerArn": "id", "resourceArns": "id"},
        made_by=("CreateLoadBalancer",),
        deleted_by=("DeleteLoadBalancer",),
        changed_by={
            "attributes": ("ModifyLoadBalancerAttributes",),
            "drops_invalid_headers": ("ModifyLoadBalancerAttributes",),
            "subnets": ("SetSubnets",),
            "security_groups": ("SetSecurityGroups",),
            "dns_zones": ("AddTags", "RemoveTags"),
            TAGS: ("AddTags", "RemoveTags"),
        },
        nameless=True,
    ),
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateLoadBalancer DeleteLoadBalancer DescribeListeners "
        "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags "
        "DescribeTargetGroups ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetWebACL",
    )
    | actions("s3", "GetBucketLocation GetBucketPolicy")
    | actions("wafv2", "AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource")
    | actions("iam", "CreateServiceLinkedRole"),
)
