"""The IAM actions that each kind lists are those that its reads and writes ask for."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore import xform_name
from crash import platforms
from crash.cloud import cloud, run
from support import connection

from desired_state import Platform
from reconciler.aws.iam_actions import iam_action
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Plan
from reconciler.model.steps import BlockerQuery, Step
from reconciler.resources import KINDS
from reconciler.resources.kind import COMMON_ACTIONS
from reconciler.sandbox import CALM

BY_AWS = "AWS makes this call in the caller's name"
FIRST_USE = "the first use of the AWS service in an account makes its role"
LEFT_OUT = "the file says none where there was one: test_left_open.py"
BY_HAND = "puts right what was changed by hand: the tests of this kind"
DENIED = "asked for where the account may not be read as a whole"
SERVICES = "read only where a family has more revisions than are kept: test_task_families.py"
CERTIFICATES = "certificates are read where listeners have some: test_certificates.py"
FOR_DRIFT = "asked for a drift report only: test_cli_drift.py"
NOT_RECORDED = {  # actions that a platform's apply, change, replacement and destroy do not ask for
    "egress_only_internet_gateway": {"ec2:CreateTags": BY_HAND},
    "route_table": dict.fromkeys(("ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation"), BY_HAND),
    "security_group_rules": dict.fromkeys(
        (
            "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
            "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
        ),
        BY_HAND,
    ),
    "iam_role": {
        "iam:UpdateAssumeRolePolicy": BY_HAND,
        "iam:DeleteRolePermissionsBoundary": LEFT_OUT,
        "iam:ListRolePolicies": DENIED,
        "iam:ListAttachedRolePolicies": DENIED,
        "iam:GetRolePolicy": DENIED,
    },
    "log_group": {"logs:DisassociateKmsKey": LEFT_OUT},
    "ecr_repository": {"ecr:GetRepositoryPolicy": FOR_DRIFT},
    "target_group": dict.fromkeys(
        (
            "elasticloadbalancing:DescribeTargetHealth",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
        ),
        FOR_DRIFT,
    ),
    "elastic_ip": {"ec2:CreateTags": BY_HAND},
    "nat_gateway": {"ec2:CreateTags": BY_HAND},
    "vpc_endpoint": {
        "ec2:CreateTags": BY_HAND,
        "ec2:ModifyVpcEndpoint": BY_HAND,
        "route53:AssociateVPCWithHostedZone": BY_AWS,
        "ec2:DescribeVpcEndpointServices": "asked before the types are read: test_networks.py",
    },
    "flow_log": {"ec2:CreateTags": BY_HAND, "iam:PassRole": BY_AWS},
    "certificate": {
        "acm:AddTagsToCertificate": BY_HAND,
        "route53:ListHostedZonesByName": "asked of a zone above: test_https_names.py",
    },
    "dns_record": {"route53:GetHostedZone": "asked of private zones: test_dns_record.py"},
    "event_rule": {"events:TagResource": BY_HAND},
    "listener": {
        "acm:DescribeCertificate": CERTIFICATES,
        "elasticloadbalancing:DescribeTargetHealth": "asked before connections move: test_network_load_balancer.py",
        "elasticloadbalancing:DescribeTrustStores": "read where a listener has one: test_trust_store.py",
        **{
            f"elasticloadbalancing:{name}ListenerCertificates": "test_further_certificates.py"
            for name in ("Add", "Describe", "Remove")
        },
    },
    "listener_rule": {
        "elasticloadbalancing:DescribeListenerCertificates": "asked of listeners that exist: test_existing_checks.py",
        "acm:DescribeCertificate": CERTIFICATES,
        "elasticloadbalancing:DescribeTargetHealth": "asked before requests move: test_listener_rule.py",
    },
    "load_balancer": {
        "elasticloadbalancing:SetSecurityGroups": BY_HAND,
        "elasticloadbalancing:SetWebACL": BY_AWS,
        **dict.fromkeys(
            ("s3:GetBucketLocation", "s3:GetBucketPolicy"), "of buckets of logs: test_log_buckets.py"
        ),
        **{
            f"wafv2:{name}": "asked where the file has `waf`: test_web_acl.py"
            for name in ("AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource")
        },
        "iam:CreateServiceLinkedRole": FIRST_USE,
    },
    "cloud_map_namespace": {
        "route53:GetHostedZone": "tells the VPC of a namespace that lost its tag: test_cloud_map_namespace.py",
        "route53:CreateHostedZone": BY_AWS,
        "route53:DeleteHostedZone": BY_AWS,
        "route53:ListHostedZonesByName": BY_AWS,
        "route53:ChangeResourceRecordSets": BY_AWS,
        "ec2:DescribeRegions": BY_AWS,
        "ec2:DescribeVpcs": BY_AWS,
    },
    "cloud_map_service": {
        "route53:ChangeResourceRecordSets": BY_AWS,
        "servicediscovery:GetService": "asked for a name that the file has left in others' namespace: test_existing.py",
    },
    "ecs_cluster": {"iam:CreateServiceLinkedRole": FIRST_USE},
    "scalable_target": {"iam:CreateServiceLinkedRole": FIRST_USE},
    "ecs_service": {
        "iam:CreateServiceLinkedRole": FIRST_USE,
        "elasticloadbalancing:DescribeTargetHealth": "asked of a rollout that takes long: test_rollout.py",
        "ecs:ListServiceDeployments": "tells how a deployment ended: test_ecs_service_endings.py",
        "iam:GetRole": DENIED,
        "iam:ListRolePolicies": DENIED,
        "iam:ListAttachedRolePolicies": DENIED,
        "iam:GetRolePolicy": DENIED,
    },
    "task_definition": {
        "iam:PassRole": BY_AWS,
        "ecs:TagResource": BY_AWS,
    }
    | dict.fromkeys(
        (
            "ecs:DescribeServices",
            "ecs:ListServices",
            "ecs:DescribeClusters",
            "ecs:ListClusters",
            "ecs:ListTasks",
            "ecs:DescribeTasks",
        ),
        SERVICES,
    ),
    "schedule": {
        "scheduler:UpdateSchedule": BY_HAND,
        "iam:PassRole": BY_AWS,
    },
    "schedule_group": {"scheduler:TagResource": BY_HAND},
    "sqs_queue": {"sqs:TagQueue": BY_HAND},
    "dashboard": {
        "cloudwatch:ListTagsForResource": "tells whose one without its mark is: test_dashboard.py",
        "cloudwatch:TagResource": BY_AWS,
    },
}

Recorded = dict[str, set[str]]  # kind -> actions


@contextmanager
def asked_for(actions: set[str]) -> Iterator[None]:
    """Record the IAM action of each call of the shared connection."""

    def note(model: Any, **_: Any) -> None:
        actions.add(iam_action(model.service_model.service_name, xform_name(model.name)))

    made = connection()._clients.values()
    for client in made:
        client.meta.events.register("before-call.*.*", note, unique_id=id(actions))
    connection().session.events.register("before-call.*.*", note, unique_id=id(actions))
    try:
        yield
    finally:
        for client in connection()._clients.values():
            client.meta.events.unregister("before-call.*.*", unique_id=id(actions))
        connection().session.events.unregister("before-call.*.*", unique_id=id(actions))


def note_reads(recorded: Recorded, platform: Platform, *, destroying: bool = False) -> None:
    """Read each kind by itself: read together, two kinds make a common request only once."""
    with open_reads(connection(), Stack(platform.stack, platform.suffix)) as first:
        specs = blueprint(platform, facts.read_facts(first, platform))
        for name, kind in KINDS.items():
            reads = replace(first.fresh().for_specs(specs), destroying=destroying)
            with asked_for(recorded[name]):
                list(kind.read(reads))
                list(kind.check(reads))


def note_writes(recorded: Recorded, plan: Plan) -> None:
    for change in plan.changes:
        for step in change.steps:
            recorded[change.address.kind].update(_actions(step))


def _actions(step: Step) -> Iterator[str]:
    yield from (iam_action(*call) for call in step.asks)
    queries = list(step.blockers)
    while queries:
        query: BlockerQuery = queries.pop()
        yield iam_action(query.service, query.operation)
        queries += [query.source] if query.source else []


def note_all(recorded: Recorded, *platforms_in_turn: Platform) -> None:
    """Note what is asked for as one platform takes the other's place, and as the last is destroyed."""
    with cloud(CALM) as clock:
        for platform in platforms_in_turn:
            note_reads(recorded, platform)
            note_writes(recorded, run(platform, clock).todo)
            note_reads(recorded, platform)
        note_reads(recorded, platform, destroying=True)
        note_writes(recorded, run(platform, clock, destroy=True).todo)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Recorded:
    found: Recorded = defaultdict(set)
    changed = platforms.changed(tmp_path_factory.mktemp("a"))
    replaced = platforms.replaced(tmp_path_factory.mktemp("b"))
    note_all(found, platforms.default(), changed, replaced)
    note_all(found, platforms.with_names(tmp_path_factory.mktemp("c"), "shop.example.com"))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_lists_each_action_that_its_reads_and_writes_ask_for(kind: str, recorded: Recorded):
    assert not recorded[kind] - KINDS[kind].actions - COMMON_ACTIONS


@pytest.mark.parametrize("kind", KINDS)
def test_an_action_that_was_not_asked_for_has_a_reason(kind: str, recorded: Recorded):
    assert KINDS[kind].actions - recorded[kind] == NOT_RECORDED.get(kind, {}).keys()
