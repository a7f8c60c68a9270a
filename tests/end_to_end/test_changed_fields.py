"""The crash test changes every field that a file can change; for all others a reason is given here."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from crash import platforms
from crash.cloud import cloud, run

from desired_state import Platform
from reconciler.model.plan import Op
from reconciler.model.spec import IMMUTABLE, UNCOMPARED
from reconciler.resources import KINDS
from reconciler.resources.kind import Kind
from reconciler.sandbox import CALM

SAME = "the same in every platform"
NO_JOB = "the default platform has no job: test_drift_correction.py"
NO_WAY_OUT = "the default network has none: the tests of this kind, test_networks.py"
NEVER_DESIRED = "what AWS may have besides; never desired"
UNCHANGED = {
    "vpc.dns_hostnames": SAME,
    "vpc.dns_support": SAME,
    "subnet.public_addresses": SAME,
    "internet_gateway.vpc": "another VPC under running services is refused",
    "route_table.subnets": "each subnet has a table of its own, which comes and goes with it",
    "iam_role.description": "made of the service's name",
    "iam_role.service_principal": SAME,
    "iam_role.trust_conditions": SAME,
    "image.repository": "made of the service's name",
    "image.tag": "another tag is another image",
    "image.digest": "another digest is another image",
    "cloud_map_service.description": SAME,
    "load_balancer.drops_invalid_headers": "so is each new one; by hand: test_new_balancers_drop.py",
    "load_balancer.web_acl": "test_web_acl.py",
    "listener.certificates": "test_further_certificates.py",
    "listener.trust_store": "test_trust_store.py",
    "load_balancer.security_groups": "a platform has one group for it",
    "certificate.tags": "the default platform has none: test_https_names.py",
    "certificate.has_validation_records": "whether its validation records are there: test_https_names.py",
    "certificate.issued": "whether ACM has issued it: what AWS tells, and no file",
    "dns_record.target": "another load balancer is another name: test_names_that_move.py",
    "dns_record.types": "all load balancers are for IPv4",
    "dns_record.evaluates_health": NEVER_DESIRED,
    "listener_rule.other_conditions": NEVER_DESIRED,
    "listener_rule.transforms": NEVER_DESIRED,
    "listener_rule.dns_zones": "of load balancers of others: test_names_behind_existing.py",
    "listener_rule.target_group": "a new balancer's rules are new; by a name alone: test_moving_requests.py",
    "listener_rule.answer": "none has a target group: test_rules_of_all_kinds.py",
    "listener_rule.idle_groups": NEVER_DESIRED,
    "listener.idle_groups": NEVER_DESIRED,
    "scalable_target.suspended": NEVER_DESIRED,
    "task_definition.execution_role": "a platform has one",
    "task_definition.task_role": "a service has one",
    "task_definition.others": NEVER_DESIRED,
    "ecs_service.security_groups": "a platform has one group for tasks",
    "ecs_service.propagate_tags": SAME,
    "ecs_service.breaker_resets": SAME,
    "ecs_service.strategy": "only told",
    "ecs_service.deployment_alarms": "only told",
    "ecs_service.managed_tags": SAME,
    "ecs_service.images": "a push changes it, and no file (test_platform.py)",
    "ecs_service.lost_by_tasks": "whether a role or log group was deleted by hand: what AWS tells, and no file",
    "ecs_service.deployment": "whether the last one failed: what AWS tells, and no file",
    **{
        f"{kind}.tags": NO_WAY_OUT
        for kind in ("egress_only_internet_gateway", "elastic_ip", "flow_log", "nat_gateway", "vpc_endpoint")
    },
    "nat_gateway.available": NO_WAY_OUT,
    **{
        f"vpc_endpoint.{field}": NO_WAY_OUT
        for field in ("route_tables", "subnets", "security_groups", "private_dns", "available")
    },
    "vpc_endpoint.policy": "only told",
    "schedule_group.tags": NO_JOB,
    **{f"event_rule.{field}": NO_JOB for field in ("tags", "state", "description", "pattern", "targets")},
    **{f"sqs_queue.{field}": NO_JOB for field in ("tags", "retention", "encrypted", "senders", "other_policy")},
    **{
        f"schedule.{field}": NO_JOB
        for field in (
            *(
                "expression",
                "window",
                "enabled",
                "starts",
                "ends",
                "cluster",
                "role",
                "task_definition",
                "count",
            ),
            *("launch_type", "subnets", "security_groups", "public_address", "propagate_tags"),
            *("execute_command", "overrides", "dead_letters", "retries", "retried_for"),
        )
    },
}
FIXED = {  # IMMUTABLE fields for which no file has anything replaced
    "vpc.cidr": "refused under running services",
    "subnet.vpc": "goes with its VPC",
    "subnet.cidr": "refused under running services",
    "subnet.zone": "those of live subnets stay",
    "egress_only_internet_gateway.vpc": "goes with its VPC",
    **dict.fromkeys(("nat_gateway.subnet", "nat_gateway.elastic_ip"), NO_WAY_OUT),
    **{f"vpc_endpoint.{field}": NO_WAY_OUT for field in ("vpc", "aws_service", "type")},
    **{f"flow_log.{field}": NO_WAY_OUT for field in ("vpc", "log_group", "role", "traffic")},
    "route_table.vpc": "goes with its VPC",
    "security_group.vpc": "goes with its VPC",
    "security_group.description": SAME,
    "security_group_rules.group": "goes with its group",
    "cloud_map_namespace.domain": "another domain is another namespace",
    "cloud_map_namespace.vpc": "goes with its VPC",
    "cloud_map_service.record_type": SAME,
    "cloud_map_service.routing": SAME,
    "cloud_map_service.custom_health_check": SAME,
    "certificate.names": "the default platform has none: test_https_names.py",
    "certificate.given_up": "whether ACM has failed to issue it: test_https_names.py",
    "dns_record.zone": "another zone: test_dns_record.py",
    "load_balancer.type": SAME,
    "load_balancer.groupless": "whether it was made without security groups: no file",
    "load_balancer.vpc": "goes with its VPC",
    "load_balancer.failure": "whether AWS could set it up: no file",
    "target_group.vpc": "goes with its VPC",
    "target_group.protocol": SAME,
    "target_group.version": "another one needs HTTPS: test_rules_of_all_kinds.py",
    "target_group.target_type": SAME,
    "ecs_service.cluster": "a platform has one",
    "schedule.group": "made of the suffix",
    "scalable_target.ecs_service": "a service has one",
    "scalable_target.cluster": "a platform has one",
}


def compared(kind: Kind[Any], *, immutable: bool) -> Iterator[str]:
    for field, info in kind.spec.model_fields.items():
        named = field == "name" or (field == "tags" and kind.tag_call is None)
        if not named and UNCOMPARED not in info.metadata and (IMMUTABLE in info.metadata) is immutable:
            yield f"{kind.spec.kind}.{field}"


def fields(platform: Platform, op: Op) -> set[str]:
    """Return what differs between this platform and the default one."""
    found = defaultdict(set)
    with cloud(CALM) as clock:
        assert run(platforms.default(), clock).clean
        for change in run(platform, clock).todo.changes:
            found[change.op] |= {f"{change.address.kind}.{f.field}" for f in change.fields}
    return found[op]


@pytest.fixture(scope="module")
def updated(tmp_path_factory) -> set[str]:
    """Return the fields that either file updates: some change in place only if something else is replaced."""
    folder = tmp_path_factory.mktemp("files")
    return fields(platforms.changed(folder), Op.UPDATE) | fields(platforms.replaced(folder), Op.UPDATE)


@pytest.fixture(scope="module")
def replaced(tmp_path_factory) -> set[str]:
    return fields(platforms.replaced(tmp_path_factory.mktemp("files")), Op.CREATE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_that_can_change_in_place_is_changed(kind: Kind[Any], updated: set[str]):
    left = {field for field in compared(kind, immutable=False) if field not in updated}
    assert left == {field for field in UNCHANGED if field.startswith(f"{kind.spec.kind}.")}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_that_a_file_can_replace_is_replaced(kind: Kind[Any], replaced: set[str]):
    left = {field for field in compared(kind, immutable=True) if field not in replaced}
    assert left == {field for field in FIXED if field.startswith(f"{kind.spec.kind}.")}
