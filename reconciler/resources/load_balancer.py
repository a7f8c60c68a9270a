"""Application load balancers. Their name is unique in the region, and they are minutes in the making."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from reconciler.aws.jmes import search
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import DECLARED, IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.resources import elb
from reconciler.resources.kind import Kind, Relations, actions

# About subnets, groups and gateways that were made seconds ago (ELBv2 API reference, errors of CreateLoadBalancer).
NO_SUBNETS = ("SubnetNotFound", "InvalidSubnet")
NO_GROUPS = ("InvalidSecurityGroup", ErrorMatch("InvalidConfigurationRequest", "security group"))
NO_ROLE = ErrorMatch("OperationNotPermitted", "linked role")  # an account's first load balancer

PROTECTION = "deletion_protection.enabled"
STATE = "LoadBalancers[0].State.Code"
ACTIVE = {  # botocore's own waiter neither ends on `failed` nor takes `active_impaired`
    "operation": "DescribeLoadBalancers",
    "acceptors": [
        {"matcher": "path", "argument": STATE, "expected": "active", "state": "success"},
        {"matcher": "path", "argument": STATE, "expected": "active_impaired", "state": "success"},
        {"matcher": "path", "argument": STATE, "expected": "failed", "state": "failure"},
        {"matcher": "error", "expected": "LoadBalancerNotFound", "state": "retry"},
    ],
}
GONE = {
    "operation": "DescribeLoadBalancers",
    "acceptors": [{"matcher": "error", "expected": "LoadBalancerNotFound", "state": "success"}],
}

NEW = {  # what one is made with (ELBv2 API reference, LoadBalancerAttribute)
    "idle_timeout.timeout_seconds": "60",
    PROTECTION: "false",
}
OUTPUTS = {
    "id": "LoadBalancers[0].LoadBalancerArn",
    "dns": "LoadBalancers[0].DNSName",
    "zone": "LoadBalancers[0].CanonicalHostedZoneId",
    "dimension": "after(LoadBalancers[0].LoadBalancerArn, ':loadbalancer/')",  # its name in metrics
}


class LoadBalancer(Spec):
    """An application load balancer over IPv4."""

    kind: ClassVar[str] = "load_balancer"
    type: Annotated[str, IMMUTABLE] = "application"
    """Of any other, live, only this and its name are told."""
    scheme: Annotated[Literal["internet-facing", "internal"], IMMUTABLE] = "internet-facing"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]]
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]]
    attributes: Annotated[Mapping[str, str], DECLARED]
    """By their names in AWS; those that are not given are not ours to manage."""
    failure: Annotated[str | None, IMMUTABLE] = None
    """Why AWS could not set it up. One that failed stays so: it is replaced."""
    deletion_protection: Annotated[bool, UNCOMPARED] = False
    """Its deletion protection is on, whoever declared it."""


def read(reads: Reads) -> Iterator[Live[LoadBalancer]]:
    marks = elb.tags_of(reads)
    for found in elb.load_balancers(reads):
        arn, called = found["LoadBalancerArn"], str(found["LoadBalancerName"])
        owned = marks.get(arn, {})
        ours = tags.owner(owned) == reads.stack.name
        name = owned.get(tags.NAME, called) if ours else called
        told = {output: search(path, {"LoadBalancers": [found]}) for output, path in OUTPUTS.items()}
        outputs = {output: value for output, value in told.items() if value}
        if not elb.is_application(found):
            yield Live(_of_another_type(name, owned, found["Type"]), outputs, tags.owner(owned))
            continue
        attributes = elb.attributes_of(reads, "load_balancer", arn) if ours else {}
        yield Live(from_aws(name, owned, found, attributes), outputs, tags.owner(owned))


def from_aws(
    name: str, owned: tags.Tags, found: Mapping[str, Any], attributes: Mapping[str, str]
) -> LoadBalancer:
    """Return the spec of what DescribeLoadBalancers and DescribeLoadBalancerAttributes tell."""
    state = found["State"]
    return LoadBalancer(
        name=name,
        tags=owned,
        scheme=found["Scheme"],
        vpc=found["VpcId"],
        subnets=frozenset(zone["SubnetId"] for zone in found["AvailabilityZones"]),
        security_groups=frozenset(found.get("SecurityGroups", ())),
        attributes=attributes,
        failure=state.get("Reason", state["Code"]) if state["Code"] == "failed" else None,
        deletion_protection=attributes.get(PROTECTION) == "true",
    )


def _of_another_type(name: str, owned: tags.Tags, is_one: str) -> LoadBalancer:
    nothing = frozenset[Ref]()
    return LoadBalancer(
        name=name, tags=owned, type=is_one, vpc="", subnets=nothing, security_groups=nothing, attributes={}
    )


def ensure_load_balancer(want: LoadBalancer, live: Live[LoadBalancer] | None) -> Iterator[Step]:
    itself = {"LoadBalancerArn": want.ref()}
    subnets = {"Subnets": sorted(want.subnets)}
    groups = {"SecurityGroups": sorted(want.security_groups)}
    if live:
        yield from tags.retag(tags.ELB, want, live)
        if want.subnets != live.spec.subnets:
            yield Call("elbv2", "set_subnets", itself | subnets, retry=NO_SUBNETS)
        if want.security_groups != live.spec.security_groups:
            yield Call("elbv2", "set_security_groups", itself | groups, retry=NO_GROUPS)
    else:
        params = {"Name": want.name, "Type": want.type, "Scheme": want.scheme, "Tags": tags.encode(want.tags)}
        yield Call(
            "elbv2",
            "create_load_balancer",
            params | subnets | groups,
            OUTPUTS,
            retry=(*NO_SUBNETS, *NO_GROUPS, NO_ROLE),
            patience=300,
        )
    if differ := elb.changed_attributes(want.attributes, live.spec.attributes if live else NEW):
        on = itself | {"Attributes": differ}
        yield Call("elbv2", "modify_load_balancer_attributes", on, retry=("LoadBalancerNotFound",))
    if not live:
        yield _state(ACTIVE, want.ref(), settling=True)


def _state(model: Mapping[str, Any], arn: Ref | str, *, settling: bool = False) -> Wait:
    params, why = {"LoadBalancerArns": [arn]}, "LoadBalancers[0].State.[Code, Reason]"
    return Wait("elbv2", "load_balancer_state", params, model=model, why=why, settling=settling)


def remove(live: Live[LoadBalancer]) -> Iterator[Step]:
    arn = live.outputs["id"]
    gone = ("LoadBalancerNotFound",)
    yield Call("elbv2", "delete_load_balancer", {"LoadBalancerArn": arn}, ignore=gone)
    yield _state(GONE, arn)


def clashes(live: LoadBalancer, want: LoadBalancer) -> bool:
    """Always: no two load balancers of a region have one name."""
    return live.name == want.name


def protected(live: Live[LoadBalancer]) -> str:
    """What to do before it is deleted; all else of a platform would be gone by then."""
    return (
        "set `deletion_protection: false` in the file and apply that first"
        if live.spec.deletion_protection
        else ""
    )


KIND = Kind(
    LoadBalancer,
    read,
    ensure_load_balancer,
    remove,
    relations=Relations(clashes=clashes, protected=protected),
    tagging=tags.ELB,
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateLoadBalancer DeleteLoadBalancer DescribeListeners "
        "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags "
        "DescribeTargetGroups ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets",
    )
    | actions("iam", "CreateServiceLinkedRole"),
)
