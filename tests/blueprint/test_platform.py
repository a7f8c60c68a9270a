"""The default platform and files near it, from an empty account and back to one, in virtual time."""

import pytest
from crash import platforms
from crash.cloud import cloud, run
from crash.inventory import take_inventory
from support import client

from desired_state import Platform
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.plan import Op
from reconciler.render.outcome import TimedOutcome
from reconciler.render.outcome_text import outcome_text
from reconciler.resources.image import Image, format_push_commands
from reconciler.sandbox import CALM, REAL


def with_scheme(scheme: str) -> Platform:
    default = platforms.default()
    return default.model_copy(
        update={"load_balancer": default.load_balancer.model_copy(update={"scheme": scheme})}
    )


@pytest.fixture
def changed(tmp_path) -> Platform:
    return platforms.changed(tmp_path)


def test_a_platform_is_built_is_found_complete_and_leaves_nothing():
    with cloud(REAL) as clock:
        new = take_inventory(client)
        assert run(platforms.default(), clock).clean
        assert run(platforms.default(), clock).todo.changes == ()
        assert run(platforms.default(), clock, destroy=True).clean
        assert take_inventory(client) == new


def test_every_field_that_can_change_is_changed_back_and_forth(changed):
    with cloud(REAL) as clock:
        run(platforms.default(), clock)
        for platform in (changed, platforms.default()):
            assert run(platform, clock).clean
            assert run(platform, clock).todo.changes == ()


def test_a_changed_file_replaces_only_what_cannot_change_in_place(changed):
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        assert not [c.key for c in run(changed, clock).todo.changes if c.replaces]


def test_a_load_balancer_of_another_scheme_replaces_the_one_that_the_dashboard_shows():
    with cloud(CALM) as clock:
        run(with_scheme("internet-facing"), clock)
        replaced = run(with_scheme("internal"), clock)
        assert replaced.clean
        assert "load_balancer.alb-crash" in [c.key for c in replaced.todo.changes if c.replaces]
        (balancer,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
        assert balancer["Scheme"] == "internal"
        assert run(with_scheme("internal"), clock).todo.changes == ()


def test_another_range_for_the_network_is_refused_and_the_field_is_named():
    default = platforms.default()
    moved = default.model_copy(update={"network": default.network.model_copy(update={"cidr": "10.1.0.0/16"})})
    with cloud(CALM) as clock:
        run(default, clock)
        (conflict,) = run(moved, clock).todo.conflicts
        assert str(conflict.address) == "vpc.vpc-crash"
        assert "cidr" in conflict.remedy


def test_another_range_is_refused_also_where_everything_else_moves_too():
    default = platforms.default()
    gateway = default.services["api-gateway"].model_copy(update={"port": 9090})
    moved = default.model_copy(
        update={
            "network": default.network.model_copy(update={"cidr": "10.1.0.0/16"}),
            "services": {**default.services, "api-gateway": gateway},
        }
    )
    with cloud(CALM) as clock:
        run(default, clock)
        assert "vpc.vpc-crash" in [str(c.address) for c in run(moved, clock).todo.conflicts]


def with_gateway(**fields: object) -> Platform:
    default = platforms.default()
    gateway = default.services["api-gateway"].model_copy(update=fields)
    return default.model_copy(update={"services": {**default.services, "api-gateway": gateway}})


def open_ports() -> set[int]:
    """Return the ports of tasks at which the load balancer reaches them."""
    (group,) = client("ec2").describe_security_groups(Filters=TASKS)["SecurityGroups"]
    return {p["FromPort"] for p in group["IpPermissions"] if p["FromPort"] != 0}


TASKS = [{"Name": "tag:ecs-reconciler:name", "Values": ["ecs-tasks-crash"]}]
RULES, SERVICE = "security_group_rules.ecs-tasks-crash", "ecs_service.svc-api-gateway-crash"


def test_another_port_is_a_rollout_and_the_old_port_is_closed_after_it():
    with cloud(REAL) as clock:
        run(platforms.default(), clock)
        ended = run(with_gateway(port=9090), clock)
        assert ended.clean
        keys = [change.key for change in ended.todo.changes]
        assert not [key for key in keys if key.startswith(("target_group", "listener_rule"))]
        done = ended.outcome.done
        assert done.index(RULES) < done.index(SERVICE) < done.index(f"{RULES} (revocations)")
        assert open_ports() == {9090}
        assert run(with_gateway(port=9090), clock).todo.changes == ()


def test_a_rollout_to_another_port_that_fails_leaves_both_ports_open_and_the_next_run_goes_on():
    with cloud(REAL) as clock:
        run(platforms.default(), clock)
        failed = run(with_gateway(port=9090, environment={"SANDBOX_FAIL": "exit"}), clock)
        assert [*failed.outcome.failed] == [SERVICE]
        assert failed.outcome.skipped == {f"{RULES} (revocations)": SERVICE}
        assert open_ports() == {8080, 9090}
        told = outcome_text(failed.todo, TimedOutcome(failed.outcome))
        assert f"not started because of it: {RULES} (revocations)" in told
        assert run(with_gateway(port=9090), clock).clean
        assert open_ports() == {9090}


def test_scaling_owns_the_count_from_the_first_apply_on():
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        client("ecs").update_service(
            cluster="ecs-cluster-crash", service="svc-market-data-crash", desiredCount=7
        )
        assert run(platforms.default(), clock).todo.changes == ()


def test_a_push_to_the_tag_is_a_deployment():
    from reconciler.sandbox.ecr.images import manifest  # noqa: PLC0415

    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        pushed = {"repositoryName": "ecr-repo-market-data-crash", "imageTag": "latest"}
        client("ecr").put_image(**pushed, imageManifest=manifest("another build"))
        (change,) = run(platforms.default(), clock).todo.changes
        assert (change.op, change.key) == (Op.UPDATE, "ecs_service.svc-market-data-crash")
        assert [f.field for f in change.fields] == ["images"]
        assert run(platforms.default(), clock).todo.changes == ()


def test_an_image_that_was_deleted_under_running_tasks_is_a_warning():
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        assert not run(platforms.default(), clock).todo.warnings
        deleted = {"repositoryName": "ecr-repo-market-data-crash", "imageIds": [{"imageTag": "latest"}]}
        client("ecr").batch_delete_image(**deleted)
        todo = run(platforms.default(), clock).todo
        (warning,) = todo.warnings
        assert (str(warning.address), todo.changes) == ("ecs_service.svc-market-data-crash", ())
        assert warning.why.startswith("ecr-repo-market-data-crash:latest is not in the registry any more: ")


def test_what_is_to_be_pushed_is_built_for_the_architecture_of_the_service():
    service = platforms.default().services["market-data"].model_copy(update={"architecture": "ARM64"})
    platform = platforms.default().model_copy(update={"services": {"market-data": service}})
    facts = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
    (image,) = [spec for spec in blueprint(platform, facts) if isinstance(spec, Image)]
    assert "docker build --platform linux/arm64 " in format_push_commands(image).template


def test_a_dashboard_that_a_person_has_emptied_is_put_right():
    with cloud(CALM) as clock:
        run(platforms.default(), clock)
        client("cloudwatch").put_dashboard(DashboardName="ecs-services-crash", DashboardBody='{"widgets": []}')
        repaired = run(platforms.default(), clock)
        assert [(c.op, c.key) for c in repaired.todo.changes] == [(Op.UPDATE, "dashboard.ecs-services-crash")]
        assert run(platforms.default(), clock).todo.changes == ()


def test_a_repository_that_others_made_is_called_theirs_and_no_lost_one():
    with cloud(CALM) as clock:
        client("ecr").create_repository(repositoryName="ecr-repo-market-data-crash")
        (conflict,) = run(platforms.default(), clock).todo.conflicts
        assert conflict.why.endswith(
            "already has the name that it would get, and does not carry this stack's tags"
        )
