"""The policies that `policy` prints hold all that the code asks for, and nothing else."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from desired_state import DEFAULT_FILE, Platform, load
from desired_state.auth import Auth, ClientSecret, Cognito, Oidc
from desired_state.balancer_logs import BalancerLogs
from desired_state.dns import Dns
from desired_state.drift import Drift, DriftCorrection, Hidden, Notified
from desired_state.load_balancer import Listener, LoadBalancer
from desired_state.network import FlowLogs, Network, Tier
from desired_state.references import Reference
from reconciler.aws.lease import PERSON_ACTIONS, RUN_ACTIONS
from reconciler.aws.trail import ACTIONS as TRAIL_ACTIONS
from reconciler.blueprint.facts import assume_facts
from reconciler.policy import Use, policies
from reconciler.resources import KINDS
from reconciler.resources.kind import COMMON_ACTIONS
from reconciler.rights import beside, log_in, roles

ROOT = Path(__file__).parents[2]
SERVICES = {  # boto3's name -> IAM's
    "acm": "acm",
    "application-autoscaling": "application-autoscaling",
    "cloudformation": "cloudformation",
    "cloudtrail": "cloudtrail",
    "cloudwatch": "cloudwatch",
    "cognito-idp": "cognito-idp",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "ecr": "ecr",
    "ecs": "ecs",
    "elbv2": "elasticloadbalancing",
    "events": "events",
    "iam": "iam",
    "logs": "logs",
    "resourcegroupstaggingapi": "tag",
    "route53": "route53",
    "s3": "s3",
    "scheduler": "scheduler",
    "servicediscovery": "servicediscovery",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "sts": "sts",
    "wafv2": "wafv2",
}
FRONT = LoadBalancer(
    listeners={
        "https": Listener(
            port=443,
            certificate="arn:aws:acm:us-east-1:123456789012:certificate/a",
            certificates=("arn:aws:acm:us-east-1:123456789012:certificate/b",),
            trust_store="arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/a/b",
        ),
        "requested": Listener(port=8443, certificate="auto"),
    },
    access_logs=BalancerLogs(bucket="shop-logs"),
    waf="arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b",
)
_URLS = dict.fromkeys(
    ("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint"), "https://a.example"
)
LOG_INS = (
    Auth(oidc=Oidc(**_URLS, client_id="shop", secret=ClientSecret(secret="login"))),
    Auth(
        cognito=Cognito(
            user_pool="arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_A",
            client_id="shop",
            domain="shop",
        )
    ),
)
BOUNDARIES = ("arn:aws:iam::123456789012:policy/edge", "none")  # one is put on roles, the other taken off


def of_every_type(boundary: str) -> Platform:
    """Return a platform with resources of all types."""
    found = load(DEFAULT_FILE, "dev", environ={}, region="us-east-1")
    outside = {Reference("ssm", "/vpc"): (), Reference("cloudformation", "net.Vpc"): ()}
    found = found.with_references(outside, is_open=False)
    bounded = found.roles.model_copy(update={"boundary": boundary})
    told = (Notified(sns="arn:aws:sns:us-east-1:123456789012:drift"), Notified(slack=Hidden(secret="slack")))
    drift = {"drift": Drift(notify=told), "drift_correction": DriftCorrection(events=True)}
    ways = {"nat": "one", "endpoints": ("s3", "logs"), "flow_logs": FlowLogs(), "ipv6": True}
    network = Network(subnets={"public": Tier(), "private": Tier()}, **ways)
    policies = ("arn:aws:iam::123456789012:policy/of-another-team",)
    services = {name: x.model_copy(update={"policies": policies}) for name, x in found.services.items()}
    routed = services["api-gateway"]
    with_log_in = [route.model_copy(update={"auth": auth}) for route in routed.routes for auth in LOG_INS]
    with_log_in[0] = with_log_in[0].model_copy(update={"hosts": ("shop.example.com",)})
    elsewhere = with_log_in[0].model_copy(update={"listener": "requested"})
    services["api-gateway"] = routed.model_copy(update={"routes": (*with_log_in, elsewhere)})
    parts = {"roles": bounded, "network": network, "services": services, "load_balancer": FRONT}
    return found.model_copy(update=parts | drift | {"dns": Dns(zone="example.com")})


def allowed() -> Iterator[str]:
    """Yield the actions that the policies for all uses allow."""
    for platform in map(of_every_type, BOUNDARIES):
        facts = replace(assume_facts(platform, "aws"), account="123456789012")
        for document in (d for use in Use for d in policies(platform, facts, use).documents):
            for statement in (s for s in document["Statement"] if s["Effect"] == "Allow"):
                actions = statement["Action"]
                yield from [actions] if isinstance(actions, str) else actions


ALLOWED = sorted({*allowed()})

LISTS = ("actions", "TouchedBy")  # what lists calls of others, or the rights to call
OPERATION = re.compile(r"[A-Za-z_][\w*]+")

BY_PATTERN = "the attributes of load balancers and target groups, by a pattern"
BY_OTHERS_HAND = "an event of the policy of a queue, which others may have changed so"
BY_OTHERS = "an event that others cause all day"
BY_UNINSTALL = "`lease uninstall`, which is a person's: the table is that of all stacks"
A_PERSONS = "in a command that a person is told"
NOT_CALLED = {  # words of the code that only look like it
    **dict.fromkeys(
        (
            *("ec2:CreateNetworkInterface", "ecs:StartTask", "ecs:SubmitContainerStateChange"),
            *("ecs:SubmitTaskStateChange", "elasticloadbalancing:DeregisterTargets"),
            *("elasticloadbalancing:RegisterTargets", "logs:CreateLogStream"),
            *("servicediscovery:RegisterInstance", "servicediscovery:UpdateInstanceCustomHealthStatus"),
        ),
        BY_OTHERS,
    ),
    "dynamodb:DeleteTable": BY_UNINSTALL,
    "dynamodb:Query": "what asks for blockers",
    "dynamodb:Scan": BY_UNINSTALL,
    "ec2:DeleteNetworkAcl": A_PERSONS,
    "ec2:DisassociateAddress": A_PERSONS,
    "ec2:DeleteNetworkInterface": A_PERSONS,
    "ec2:DeleteVpcPeeringConnection": A_PERSONS,
    "ec2:DescribeAccountAttributes": BY_PATTERN,
    "ec2:DescribeInstanceEventNotificationAttributes": BY_PATTERN,
    "ec2:EnableVgwRoutePropagation": "what AWS calls the origin of a propagated route",
    "ec2:TerminateInstances": A_PERSONS,
    "ecs:ExecuteCommand": "a field of a service",
    "ecs:StopTask": A_PERSONS,
    "ecs:RunTask": "the schedule's, by its own role",
    "elasticloadbalancing:DescribeListenerAttributes": BY_PATTERN,
    "iam:RemoveRoleFromInstanceProfile": A_PERSONS,
    "logs:PutLogGroupDeletionProtection": A_PERSONS,
    "route53:ListTagsForResource": "Cloud Map's, in a file that speaks of both",
    "sqs:AddPermission": BY_OTHERS_HAND,
    "sqs:DeleteMessageBatch": "IAM knows it as sqs:DeleteMessage",
    "sqs:RemovePermission": BY_OTHERS_HAND,
    "sts:AssumeRole": "only where the file has a role for its zone: test_policy_names_of_hosts.py",
    "sts:GetCallerIdentity": "needs no permission (IAM user guide)",
}
NOT_IN_THE_CODE = {  # what AWS asks for besides, or instead
    "cognito-idp:DescribeUserPoolClient": "CreateRule and ModifyRule with a log-in at Cognito",
    "elasticloadbalancing:SetWebACL": "AssociateWebACL and DisassociateWebACL",
    "iam:CreateServiceLinkedRole": "the first use of a service in an account",
    "iam:PassRole": "RegisterTaskDefinition with roles",
    "route53:AssociateVPCWithHostedZone": "CreateVpcEndpoint with private DNS",
    "route53:CreateHostedZone": "Cloud Map's, for its zone",
    "route53:DeleteHostedZone": "Cloud Map's, for its zone",
    "sqs:DeleteMessage": "what IAM calls DeleteMessageBatch",
}


@cache
def operations() -> dict[str, tuple[str, ...]]:
    """Return the operations, as AWS spells them, by boto3's name of the service."""
    session = botocore.session.get_session()
    return {service: tuple(session.get_service_model(service).operation_names) for service in SERVICES}


def words(tree: ast.AST) -> Iterator[str]:
    """Yield every string and attribute; a pattern for an f-string. Lists of actions are no calls."""
    listed = {id(word) for node in ast.walk(tree) if _lists_actions(node) for word in ast.walk(node)}
    for node in (node for node in ast.walk(tree) if id(node) not in listed):
        match node:
            case ast.Constant(value=str(word)) | ast.Attribute(attr=word):
                yield word
            case ast.JoinedStr(values=[ast.Constant(), *_] as parts):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)


def _lists_actions(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LISTS


def named(said: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the service and operation of each word that is an operation's name, in either spelling."""
    spoken = {w for w in said if OPERATION.fullmatch(w)}
    patterns = [w for w in spoken if "*" in w]
    for service, known in operations().items():
        for name in known:
            spelled = {name, xform_name(name)}
            if spelled & spoken or any(fnmatchcase(s, p) for s in spelled for p in patterns):
                yield service, name


def asked_by(source: str) -> Iterator[str]:
    """Yield the actions of a file: of the services that it names, or of all with such an operation."""
    said = {*words(ast.parse(source))}
    found = {*named(said)}
    for service, name in found:
        if service in said or not any((other, name) in found for other in SERVICES if other in said):
            yield f"{SERVICES[service]}:{name}"


@cache
def asked() -> frozenset[str]:
    """Return what the code asks for. `policy` and `rights` only say what is allowed."""
    files = [
        p
        for p in (ROOT / "reconciler").rglob("*.py")
        if not {"sandbox", "policy", "rights"} & {*p.relative_to(ROOT).parts}
    ]
    return frozenset(action for path in files for action in asked_by(path.read_text()))


def missing(allowed: Iterable[str]) -> set[str]:
    patterns = [*allowed]
    return {a for a in asked() - NOT_CALLED.keys() if not any(fnmatchcase(a, p) for p in patterns)}


def called() -> Iterator[str]:
    """The services that are named in the place where a call takes one."""
    for path in ROOT.glob("reconciler/**/*.py"):
        if "sandbox" not in path.relative_to(ROOT).parts:
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(
                        func=ast.Name(id="Call" | "Wait" | "BlockerQuery")
                        | ast.Attribute(attr="ask" | "pages"),
                        args=[ast.Constant(value=str(service)), *_],
                    ):
                        yield service


def test_every_service_that_is_called_is_known_here():
    """Without it, an operation of its would be taken for another service's of the same name."""
    assert {*called()} <= SERVICES.keys()


def test_what_the_code_asks_for_is_allowed():
    assert not missing(ALLOWED)


@pytest.mark.parametrize("action", sorted({*ALLOWED} - NOT_IN_THE_CODE.keys()))
def test_each_action_is_missed_if_it_is_taken_away(action):
    assert missing(a for a in ALLOWED if a != action)


def test_what_the_resource_types_list_is_what_is_allowed():
    listed = frozenset().union(*(kind.actions for kind in KINDS.values())) | COMMON_ACTIONS
    listed |= RUN_ACTIONS | PERSON_ACTIONS | TRAIL_ACTIONS
    listed |= {*beside.EVENT_ACTIONS, *beside.STATE_OF_TRAILS, beside.PUBLISH, beside.READ_SECRET}
    listed |= {beside.READ_PARAMETERS, beside.READ_STACKS, roles.READ_POLICY}
    listed |= {log_in.DESCRIBE, log_in.DESCRIBE_CLIENT}
    assert listed - {*ALLOWED} == {a for a, reason in NOT_CALLED.items() if reason == BY_UNINSTALL}
    assert {*ALLOWED} <= listed


def test_no_policy_allows_actions_by_a_pattern():
    assert not [a for a in ALLOWED if "*" in a]


def test_what_a_run_asks_for_beside_its_types_is_what_they_have_in_common():
    files = [
        ROOT / "reconciler" / name for name in ("blueprint/facts.py", "blueprint/zones.py", "aws/reads.py")
    ]
    beside = frozenset(action for path in files for action in asked_by(path.read_text()))
    assert beside - NOT_CALLED.keys() - KINDS["subnet"].actions == COMMON_ACTIONS


def test_each_exception_is_one():
    assert NOT_CALLED.keys() <= asked() - {*ALLOWED}
    assert NOT_IN_THE_CODE.keys() <= {*ALLOWED} - asked()


@pytest.mark.parametrize(
    ("source", "actions"),
    [
        ('_call("create_rule", params)', {"elasticloadbalancing:CreateRule"}),
        ('way = "ReplaceRoute"', {"ec2:ReplaceRoute"}),
        ("client.put_role_policy()", {"iam:PutRolePolicy"}),
        ('Call("ecs", "create_service")', {"ecs:CreateService"}),
        ('do("create_service")', {"ecs:CreateService", "servicediscovery:CreateService"}),
        (
            'f"revoke_security_group_{way}"',
            {"ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"},
        ),
        ('f"{verb}_rule", "create"', set()),
    ],
)
def test_an_operation_is_found_however_it_is_named(source, actions):
    assert {*asked_by(source)} == actions


def test_nothing_is_allowed_that_is_no_operation():
    names = {f"{SERVICES[s]}:{name}" for s, found in operations().items() for name in found}
    only_iam = {"elasticloadbalancing:SetWebACL", "iam:PassRole"}  # no operations of their own
    assert not [a for a in ALLOWED if a not in only_iam and not any(fnmatchcase(name, a) for name in names)]
