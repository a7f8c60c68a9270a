"""What a desired resource leaves open is told if it is not AWS's default, and put right once it is named."""

from typing import Any

import pytest
from balancing import BALANCER, DELAY, GROUP, balancer, group, id_of, security_group, zones
from services import LOGS, REPOSITORY, repository, service
from support import calls, client, make, see, settle

from reconciler.model.aws_default import NotInFile
from reconciler.model.spec import Live
from reconciler.plan.safety import protection_objections
from reconciler.resources import KINDS, ecs_service, iam_role
from reconciler.resources.iam_role import IamRole
from reconciler.resources.load_balancer import HTTP2
from reconciler.resources.log_group import LogGroup
from reconciler.resources.security_group_rules import Rule
from reconciler.resources.target_group import SLOW_START

pytestmark = pytest.mark.usefixtures("aws")
DESYNC = "routing.http.desync_mitigation_mode"
ROLE, TASKS = "ecs-task-web-dev", "ecs-tasks.amazonaws.com"
GUARD, OTHER = "arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"
KEY = "arn:aws:kms:us-east-1:123456789012:key/a"
HTTPS = {"from_port": 443, "to_port": 443, "cidr": "10.0.0.0/8"}
ASKED = {"deploymentConfiguration": {"strategy": "CANARY", "alarms": {"alarmNames": ["late"], "enable": True}}}


def role(**fields: Any) -> IamRole:
    return make(IamRole, ROLE, service_principal=TASKS, **fields)


def logs(**fields: Any) -> LogGroup:
    return make(LogGroup, LOGS, **fields)


def shielded(**fields: Any) -> Any:
    return security_group().model_copy(update={"ingress": frozenset({Rule(**HTTPS, **fields)})})


def platform(
    balancer_attributes: Any = (), group_attributes: Any = (), description: str | None = None
) -> list[Any]:
    front = balancer().model_copy(update={"attributes": dict(balancer_attributes)})
    behind = group().model_copy(update={"attributes": {DELAY: "30", **dict(group_attributes)}})
    others = [spec for spec in zones() if spec.address != security_group().address]
    return [*others, shielded(description=description), front, behind]


def change_by_hand() -> None:
    elb, attributes = client("elbv2"), {DESYNC: "strictest", HTTP2: "false"}
    pairs = [{"Key": key, "Value": value} for key, value in attributes.items()]
    elb.modify_load_balancer_attributes(LoadBalancerArn=id_of(balancer()), Attributes=pairs)
    slow = [{"Key": SLOW_START, "Value": "60"}]
    elb.modify_target_group_attributes(TargetGroupArn=id_of(group()), Attributes=slow)
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    described = [{**permission, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}]}]
    owner = next(spec for spec in security_group().parts() if spec.kind == "security_group")
    client("ec2").update_security_group_rule_descriptions_ingress(GroupId=id_of(owner), IpPermissions=described)


def told(found: NotInFile) -> tuple[str, Any, Any]:
    return f"{found.address}.{found.field}", found.live, found.default


def test_attributes_and_descriptions_by_hand_are_told_and_put_right_once_named():
    settle(platform())
    assert not see(platform()).not_in_file
    change_by_hand()
    seen = see(platform())
    assert not seen.changes
    assert {told(found) for found in seen.not_in_file} == {
        (f"load_balancer.{BALANCER}.attributes.{DESYNC}", "strictest", "defensive"),
        (f"load_balancer.{BALANCER}.attributes.{HTTP2}", "false", "true"),
        (f"target_group.{GROUP}.attributes.{SLOW_START}", "60", "0"),
        (f"security_group_rules.{BALANCER}.ingress.tcp 443 10.0.0.0/8.description", "office", ""),
    }
    named = platform({DESYNC: "defensive", HTTP2: "true"}, {SLOW_START: "30"}, "")
    assert len(settle(named)) == 3
    assert not see(named).not_in_file


def test_roles_logs_and_repositories_by_hand_are_told_and_put_right_once_named():
    left = [role(), logs(), repository()]
    settle(left)
    client("iam").put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=GUARD)
    client("iam").update_role(RoleName=ROLE, MaxSessionDuration=7200)
    client("logs").associate_kms_key(logGroupName=LOGS, kmsKeyId=KEY)
    client("ecr").put_image_tag_mutability(repositoryName=REPOSITORY, imageTagMutability="IMMUTABLE")
    seen = see(left)
    assert not seen.changes
    assert [(found.live, found.default, found.key) for found in seen.not_in_file] == [
        (GUARD, "", "roles.boundary"),
        (7200, 3600, "roles.max_session"),
        (KEY, "", "services.NAME.logs.kms"),
        ("IMMUTABLE", "MUTABLE", "services.NAME.image.immutable_tags"),
    ]
    named = [role(boundary="", max_session=3600), logs(kms_key="")]
    named.append(repository().model_copy(update={"tag_mutability": "MUTABLE"}))
    assert len(settle(named)) == 3
    assert not see(left).not_in_file


def test_what_is_named_is_made_so():
    named = [role(boundary=GUARD, max_session=7200), logs(kms_key=KEY)]
    settle([*named, repository().model_copy(update={"tag_mutability": "IMMUTABLE"})])
    assert len(see([role(), logs(), repository()]).not_in_file) == 4


@pytest.mark.parametrize(
    ("want", "live", "made"),
    [
        (role(boundary=OTHER), role(boundary=GUARD), "put_role_permissions_boundary"),
        (role(boundary=""), role(boundary=GUARD), "delete_role_permissions_boundary"),
        (role(max_session=3600), role(max_session=7200), "update_role"),
        (logs(kms_key=KEY), logs(kms_key=""), "associate_kms_key"),
        (logs(kms_key=""), logs(kms_key=KEY), "disassociate_kms_key"),
    ],
)
def test_each_is_one_call_of_its_own(want: Any, live: Any, made: str):
    steps = KINDS[want.kind].ensure(want, Live(live, {"id": "x"}))
    assert [operation for operation, _ in calls(steps)] == [made]


def test_a_change_of_something_else_leaves_what_is_open_as_it_is():
    have = Live(role(boundary=GUARD, max_session=7200, description="old"), {"id": ROLE})
    made = calls(KINDS["iam_role"].ensure(role(description="new"), have))
    assert [(name, {*params} - {"RoleName"}) for name, params in made] == [("update_role", {"Description"})]


def test_an_unknown_longest_session_is_neither_told_nor_put_right():
    assert not calls(iam_role.KIND.ensure(role(max_session=3600), Live(role(), {"id": ROLE})))


def test_strategy_and_alarms_of_deployments_are_told_only():
    answer = {"serviceName": "web", "clusterArn": "a/c", "taskDefinition": "t", **ASKED}
    live = ecs_service.from_aws(answer)
    assert (live.strategy, live.deployment_alarms) == ("CANARY", frozenset({"late"}))
    assert "strategy" not in str(calls(ecs_service.KIND.ensure(service(), None)))


def test_the_deletion_of_a_protected_log_group_is_refused_before_any_write():
    settle([logs()])
    client("logs").put_log_group_deletion_protection(logGroupIdentifier=LOGS, deletionProtectionEnabled=True)
    (objection,) = protection_objections(KINDS, see([], file=[logs()]))
    assert "remove its deletion protection: aws logs put-log-group-deletion-protection" in objection
    assert "--no-deletion-protection-enabled --region us-east-1" in objection
    assert not see([logs()]).changes
