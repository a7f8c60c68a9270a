"""Grants in few characters allow what they allow at length, and no write beyond it."""

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from itertools import product

import botocore.session
import pytest

from desired_state import DEFAULT_FILE, Platform, load
from desired_state.drift import DriftCorrection
from desired_state.roles import Roles
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.spec import parts
from reconciler.model.tags import STACK
from reconciler.policy.documents import documents
from reconciler.resources.iam_policy import Policy
from reconciler.rights import find_grants
from reconciler.rights.grant import Grant, grant
from reconciler.rights.place import Place, place_of
from reconciler.rights.row import Row
from reconciler.rights.short import READS, WRITES, shorten
from reconciler.rights.use import Use
from reconciler.rights.writes import WRITE_ROWS
from reconciler.sandbox.authorization.decisions import Policies, Request, Target, evaluate

ACCOUNT, REGION = "123456789012", "us-east-1"
FACTS = Facts(ACCOUNT, "aws", REGION, ("us-east-1a", "us-east-1b"))
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/limit"
BOUNDARIES = [None, "none", BOUNDARY]
RESOURCE_TAG, REQUEST_TAG = f"aws:resourcetag/{STACK}", f"aws:requesttag/{STACK}"
OURS, OTHER = ("ecs-services/dev/us-east-1",), "shop/dev/us-east-1"
TAGGING = {"iam:TagRole"} | {
    a for row in WRITE_ROWS for a in row.all_actions if a.endswith(("Tags", "TagResource", "TagQueue"))
}
MADE_IN = {  # what is being made has no tags yet: those of a request are those of what it is made in
    **dict.fromkeys(("ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet"), ":vpc/"),
    "servicediscovery:CreateService": ":namespace/",
    **dict.fromkeys(("ec2:CreateInternetGateway", "ec2:CreateVpc", "ecs:CreateCluster"), "nothing"),
    "elasticloadbalancing:CreateLoadBalancer": "nothing",
    "elasticloadbalancing:CreateTargetGroup": "nothing",
    "servicediscovery:CreatePrivateDnsNamespace": "nothing",
}
ONLY_FOR = {
    "ec2:CreateInternetGateway": ":internet-gateway/",
    "ec2:CreateVpc": ":vpc/",
    "ecs:CreateCluster": ":cluster/",
    "elasticloadbalancing:CreateLoadBalancer": ":loadbalancer/",
    "elasticloadbalancing:CreateTargetGroup": ":targetgroup/",
}
ROLE_WRITES = (
    *("AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy"),
    *("DetachRolePolicy", "PassRole", "PutRolePermissionsBoundary", "PutRolePolicy", "TagRole", "UntagRole"),
    *("UpdateAssumeRolePolicy", "UpdateRole"),
)
BOTO = {"elasticloadbalancing": "elbv2"}  # IAM's prefix -> boto3's name, where they differ
GIVE_RIGHTS = {
    *("AttachRolePolicy", "CreateRole", "DeleteRolePermissionsBoundary", "PassRole"),
    *("PutRolePermissionsBoundary", "PutRolePolicy", "UpdateAssumeRolePolicy"),
}


def platform_of(boundary: str | None) -> Platform:
    keys = {
        "drift_correction": DriftCorrection(events=True),
        "roles": Roles(boundary=boundary) if boundary else Roles(),
    }
    return load(DEFAULT_FILE, "dev", environ={}, region=REGION).model_copy(update=keys)


@cache
def grants_of_a_correction(boundary: str | None) -> Sequence[Grant]:
    platform = platform_of(boundary)
    place = place_of(platform, partition="aws", region=REGION, account=ACCOUNT)
    specs = parts(blueprint(platform, FACTS)).values()
    return tuple(find_grants(platform, specs, place, Use.CORRECT))


@cache
def at_length(boundary: str | None) -> Policies:
    return Policies(tuple(map(json.dumps, documents(grants_of_a_correction(boundary)))))


@cache
def in_short(boundary: str | None) -> Policies:
    policy = Policy(statements=frozenset(shorten(grants_of_a_correction(boundary))))
    return Policies((json.dumps(policy.document),))


def arns_of(row: Row) -> Iterator[tuple[str, bool]]:
    """Yield ARNs that the row may be about, and whether their names are the stack's."""
    for environment, end in product(("dev", "prod"), row.resources.split()):
        place = place_in(environment)
        for arn in place.fill_each(place.arn(row.service, end)):
            yield arn if end == "*" else arn.replace("*", "x"), environment == "dev"


@cache
def place_in(environment: str) -> Place:
    platform = load(DEFAULT_FILE, environment, environ={}, region=REGION)
    return place_of(platform, partition="aws", region=REGION, account=ACCOUNT)


def keys_of(action: str) -> Iterator[dict[str, tuple[str, ...]]]:
    """Yield what a request may say: whose the resource and the request are, and which call sets a tag."""
    service = action.partition(":")[0]
    makers = ("", "CreateService") if action in TAGGING else ("",)
    for resource, request, maker in product((*OURS, OTHER, ""), (*OURS, OTHER, ""), makers):
        said = {RESOURCE_TAG: resource, REQUEST_TAG: request, f"{service}:createaction": maker}
        said["application-autoscaling:service-namespace"] = "ecs"
        yield {key: (value,) for key, value in said.items() if value}


def of_tables() -> Iterator[tuple[Request, bool]]:
    """Yield requests of all writes and deletions of the tables, and whether their resources have our names."""
    found = {
        (action, arn): own
        for row in WRITE_ROWS
        for action in row.actions(f"{row.writes} {row.deletes}")
        for arn, own in reversed([*arns_of(row)])
    }
    for (action, arn), own in found.items():
        if ONLY_FOR.get(action, "") not in arn:
            continue
        for keys in keys_of(action):
            if not (RESOURCE_TAG in keys and MADE_IN.get(action, arn) not in arn):
                yield Request(action, (Target(arn, keys),)), own


def of_roles() -> Iterator[tuple[Request, bool]]:
    names = ("ecs-task-web-dev", "ecs-task-execution-dev", "ecs-task-drift-correction-dev", "ecs-task-web-prod")
    to_tasks = {"iam:passedtoservice": ("ecs-tasks.amazonaws.com",)}
    for action, name, keys, limit in product(ROLE_WRITES, names, keys_of("iam:x"), ("", BOUNDARY, "arn:x")):
        limited = {"iam:permissionsboundary": (limit,)} if limit else {}
        target = Target(f"arn:aws:iam::{ACCOUNT}:role/{name}", {**keys, **limited, **to_tasks})
        yield Request(f"iam:{action}", (target,)), name.endswith("-dev")


@cache
def decided(boundary: str | None) -> Sequence[tuple[Request, bool, bool, bool]]:
    """Return requests, whether their resources have our names, and whether they are allowed in each form."""
    asked = (*of_roles(), *(of_tables() if boundary == BOUNDARY else ()))
    forms = (at_length(boundary), in_short(boundary))
    return [(request, own, *(evaluate(form, request).is_allowed for form in forms)) for request, own in asked]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_what_is_allowed_at_length_is_allowed_in_short(boundary):
    assert [request for request, _, long, short in decided(boundary) if long and not short] == []
    assert any(short for *_, short in decided(boundary))


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_write_is_allowed_in_short_only_if_the_tag_is_the_stacks_though_the_name_is_not(boundary):
    beyond = [(request, own) for request, own, long, short in decided(boundary) if short and not long]
    assert [
        request for request, own in beyond if not (is_made(request) or (not own and keeps_tag(request)))
    ] == []


def is_made(request: Request) -> bool:
    """Tell whether it makes something with the stack's tag, or sets that tag in a call that makes something."""
    keys = request.targets[0].keys
    makes = MADE_IN.get(request.action) == "nothing" or any(key.endswith(":createaction") for key in keys)
    return keys.get(REQUEST_TAG) == OURS and makes


def keeps_tag(request: Request) -> bool:
    """Tell whether it is for what has the stack's tag, and gives neither the tag away nor rights to a role."""
    keys, given = request.targets[0].keys, request.targets[0].keys.get(REQUEST_TAG, OURS)
    gives = (request.action in TAGGING and given != OURS) or request.action.partition(":")[2] in GIVE_RIGHTS
    return keys.get(RESOURCE_TAG) == OURS and not gives


def test_a_pattern_of_writes_is_used_only_where_all_that_it_stands_for_is_allowed():
    place = place_in("dev")
    both, one = ({"ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation"}, {"ec2:ReplaceRoute"})
    for actions, found in ((both, {"ec2:ReplaceRoute*"}), (one, one)):
        assert [s.actions for s in shorten([grant(place, "Any", actions, ("*",))])] == [found]


@pytest.mark.parametrize("pattern", [*READS, *WRITES])
def test_a_pattern_stands_for_no_more_than_it_says(pattern):
    """A pattern of writes covers those of the tables only, and one of reads nothing that writes."""
    service, _, name = pattern.partition(":")
    covered = {n for n in operations(service) if fnmatchcase(n, name)}
    if pattern in WRITES:
        assert covered == {a.partition(":")[2] for row in WRITE_ROWS for a in row.all_actions} & covered
        assert len(covered) > 1
    else:
        assert covered
        assert all(n.startswith(("Describe", "Get", "List")) for n in covered)


@cache
def operations(service: str) -> Sequence[str]:
    model = botocore.session.get_session().get_service_model(BOTO.get(service, service))
    return tuple(model.operation_names)
