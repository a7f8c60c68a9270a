"""Task definitions on the embedded AWS: their revisions, owners, and which are kept."""

from typing import Any

import pytest
from services import (
    CLUSTER,
    FAMILY,
    REPOSITORY,
    ROLE,
    SERVICE,
    URI,
    container,
    definition,
    described,
    platform,
    scaling,
    service,
    update,
)
from support import OTHERS, Counted, act, calls, client, differences, live_of, make, see, settle

from reconciler.model.references import Ref, Text, resolve
from reconciler.model.spec import Live
from reconciler.model.tags import NAME
from reconciler.resources.task_definition import KIND, TaskDefinition
from reconciler.resources.task_definition.containers import Container, ContainerHealthCheck, Port


def register(**fields: Any) -> str:
    """Register a revision by hand, like CI: the present one with other fields and without our tags."""
    ecs = client("ecs")
    raw = ecs.describe_task_definition(taskDefinition=FAMILY)["taskDefinition"]
    taken = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    params = {k: v for k, v in raw.items() if k in taken and v}
    return str(ecs.register_task_definition(**params | fields)["taskDefinition"]["taskDefinitionArn"])


def active() -> list[int]:
    arns = client("ecs").list_task_definitions(familyPrefix=FAMILY)["taskDefinitionArns"]
    return sorted(int(arn.rpartition(":")[2]) for arn in arns)


def read() -> Live[TaskDefinition]:
    [found] = live_of(KIND, platform())
    return found


@pytest.mark.usefixtures("aws")
class TestOnAws:
    def test_it_is_made_and_nothing_is_left_to_do_and_it_is_removed(self):
        assert f"create task_definition.{FAMILY}" in settle(platform())
        assert f"delete task_definition.{FAMILY}" in settle([], platform())
        assert client("ecs").list_task_definition_families()["families"] == []

    def test_revisions_that_were_retired_are_deleted_with_it_and_those_before_not_named_again(self):
        settle(platform())
        settle([], platform())
        for memory in range(2048, 9216, 1024):
            settle(platform(definition(cpu=1024, memory=memory)))
        assert len(active()) == 5
        steps = next(c for c in see([], platform()).changes if c.address.kind == "task_definition").steps
        named = {arn for _, params in calls(steps) for arn in params.get("taskDefinitions", ())}
        assert sorted(int(arn.rpartition(":")[2]) for arn in named) == [*range(2, 9)]
        settle([], platform())
        inactive = client("ecs").list_task_definitions(familyPrefix=FAMILY, status="INACTIVE")
        assert inactive["taskDefinitionArns"] == []

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("cpu", {"cpu": 512, "memory": 1024}),
            ("memory", {"memory": 1024}),
            ("architecture", {"architecture": "ARM64"}),
            ("execution_role", {"execution_role": f"{ROLE}-2"}),
            ("task_role", {"task_role": f"{ROLE}-2"}),
            ("containers", {"app": container(image="public.ecr.aws/app:1")}),
            ("containers", {"app": container(environment={"A": "1"})}),
            ("containers", {"app": container(secrets={"A": "arn:aws:ssm:us-east-1:1:parameter/a"})}),
            ("containers", {"app": container(command=("serve",))}),
            ("containers", {"app": container(cpu=64, memory=256)}),
            ("containers", {"app": container(ports={Port(container_port=9090)})}),
            ("containers", {"app": container(log_prefix="other")}),
            (
                "containers",
                {"app": container(health_check=ContainerHealthCheck(command=("CMD", "true"), interval=10))},
            ),
        ],
    )
    def test_a_change_is_one_new_revision_and_reaches_the_service(self, field: str, change: dict[str, Any]):
        settle(platform())
        wanted = platform(definition(**change))
        found = differences(see(wanted))
        assert field in found[f"task_definition.{FAMILY}"]
        assert found[f"ecs_service.{SERVICE}"] == ["task_definition"]
        settle(wanted)
        assert active() == [1, 2]

    @pytest.mark.parametrize(
        "drift",
        [
            {"cpu": "512", "memory": "1024"},
            {"volumes": [{"name": "data"}]},
            {"containerDefinitions": [{"name": "web", "image": "app:1", "entryPoint": ["sh"]}]},
        ],
    )
    def test_what_was_registered_over_it_under_our_tags_is_put_right(self, drift: dict[str, Any]):
        settle(platform())
        tags = client("ecs").describe_task_definition(taskDefinition=FAMILY, include=["TAGS"])["tags"]
        register(**drift, tags=tags)
        settle(platform())
        assert active() == [1, 2, 3]

    def test_lost_tags_are_put_back_without_a_new_revision(self):
        settle(platform())
        client("ecs").tag_resource(resourceArn=read().outputs["id"], tags=[{"key": NAME, "value": "another"}])
        assert differences(see(platform())) == {f"task_definition.{FAMILY}": ["tags"]}
        settle(platform())
        assert active() == [1]

    def test_what_ci_registers_without_our_tags_is_passed_over(self):
        settle(platform())
        for _ in range(2):
            register(cpu="512", memory="1024")
        assert read().outputs["revision"] == "1"
        assert not see(platform()).changes

    def test_a_service_on_the_revision_of_ci_is_brought_back(self):
        settle(platform())
        update(taskDefinition=register())
        assert differences(see(platform())) == {f"ecs_service.{SERVICE}": ["task_definition"]}
        settle(platform())
        assert active() == [1, 2]

    def test_a_strangers_family_is_left_alone(self):
        app = {"web": Container(image="app:1")}
        settle([make(TaskDefinition, FAMILY, OTHERS, cpu=256, memory=512, containers=app)], stack=OTHERS)
        [conflict] = see(platform()).conflicts
        assert OTHERS.name in conflict.why

    def test_the_last_five_stay(self):
        settle(platform())
        for size in range(2, 9):
            settle(platform(definition(app=container(environment={"SIZE": str(size)}))))
        assert active() == [4, 5, 6, 7, 8]

    def test_what_a_service_runs_stays_however_old(self):
        settle(platform())
        running = read().outputs["id"]
        for _ in range(6):
            register()
        network = described()["networkConfiguration"]
        client("ecs").create_service(
            cluster=CLUSTER,
            serviceName="by-hand",
            taskDefinition=running,
            desiredCount=0,
            networkConfiguration=network,
        )
        settle(platform(definition(cpu=512, memory=1024)))
        assert 1 in active()

    def test_nothing_of_a_family_goes_while_its_deployment_is_not_over(self):
        settle(platform(service(circuit_breaker="off")))
        for _ in range(6):
            register()
        update(taskDefinition=register(containerDefinitions=[failing()]))
        assert read().spec.retiring == ()

    def test_an_image_of_our_repository_is_known_by_its_name(self):
        settle(platform())
        repository = Ref("ecr_repository", URI, "uri", by_id=True)
        assert read().spec.containers["web"].image == Text("{}:latest", (repository,))

    def test_an_image_that_is_wanted_by_its_uri_stays_one(self):
        wanted = platform(definition(container(image=f"{URI}:latest")))
        settle(wanted)
        assert f"task_definition.{FAMILY}" not in differences(see(wanted))

    def test_an_image_of_another_account_is_found_as_it_was_sent(self):
        elsewhere = f"210987654321.dkr.ecr.us-east-1.amazonaws.com/{REPOSITORY}:latest"
        wanted = platform(definition(container(image=elsewhere)))
        act(see(wanted), settle=False)
        image = live_of(KIND, wanted)[0].spec.containers["web"].image
        assert resolve(image, lambda ref: ref.name) == elsewhere
        assert f"task_definition.{FAMILY}" not in differences(see(wanted))

    @pytest.mark.parametrize(("revisions", "lists"), [(1, 0), (4, 1)])
    def test_a_family_costs_one_call_and_an_older_one_two(self, revisions: int, lists: int):
        settle(platform(scaling()))
        for _ in range(revisions - 1):
            tags = client("ecs").describe_task_definition(taskDefinition=FAMILY, include=["TAGS"])["tags"]
            register(tags=tags)
        with Counted() as asked:
            live_of(KIND, platform())
        assert dict(asked) == {
            "ListTaskDefinitionFamilies": 1,
            "DescribeTaskDefinition": 1,
            **({"ListTaskDefinitions": lists} if lists else {}),
        }


def failing() -> dict[str, Any]:
    environment = [{"name": "SANDBOX_FAIL", "value": "exit"}]
    return {"name": "web", "image": "app:1", "environment": environment, "portMappings": []}
