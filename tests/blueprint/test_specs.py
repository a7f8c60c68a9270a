"""The settings of a service and of the platform become resources."""

from pathlib import Path
from typing import Any

import pytest

from desired_state import load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.model.tags import PROTECT
from reconciler.resources.ecs_service import EcsService
from reconciler.resources.iam_role import IamRole, Statement
from reconciler.resources.image import Image
from reconciler.resources.scalable_target import ScalableTarget, TargetTracking
from reconciler.resources.task_definition import TaskDefinition

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
HEAD = "platform: shop\nenvironment: dev\nsuffix: dev\nregion: us-east-1\n"
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/db"


@pytest.fixture
def specs(tmp_path: Path) -> Any:
    """Return a function that gives the specs of one type, of a platform with one service."""

    def drawn(cls: type[Spec], service: str = "{}", more: str = "") -> list[Any]:
        file = tmp_path / "platform.yaml"
        file.write_text(f"{HEAD}{more}services: {{web: {service}}}\n")
        return [spec for spec in blueprint(load(file, environ={}), FACTS) if isinstance(spec, cls)]

    return drawn


def kinds(specs: list[Spec]) -> set[str]:
    return {spec.kind for spec in specs}


def test_an_image_from_elsewhere_needs_no_repository(specs):
    service = "{image: {uri: public.ecr.aws/nginx/nginx:1.27}}"
    assert not {"image", "ecr_repository"} & kinds(specs(Spec, service))
    (definition,) = specs(TaskDefinition, service)
    assert definition.containers["web"].image == "public.ecr.aws/nginx/nginx:1.27"


def test_an_image_that_nobody_checks_for_is_no_resource(specs):
    assert len(specs(Image)) == 1
    assert not specs(Image, more="images: {check: false}\n")


def test_an_image_that_two_services_run_is_one_resource(specs):
    """Of a repository that exists: with its other command, a worker runs what the website runs."""
    image = "{image: {repository: shop, tag: v1}}"
    both = f"{image}, worker: {image}"
    assert [image.name for image in specs(Image, both)] == ["shop:v1"]
    assert [service.images for service in specs(EcsService, both)] == [frozenset({Ref("image", "shop:v1")})] * 2


def test_a_parameter_that_a_service_names_may_be_read(specs):
    (role,) = [r for r in specs(IamRole, f'{{secrets: {{DB: "{PARAMETER}"}}}}') if "execution" in r.name]
    granted = Statement(
        effect="Allow", actions=frozenset({"ssm:GetParameters"}), resources=frozenset({PARAMETER})
    )
    assert granted in role.policies["secrets"].statements


def test_services_of_one_image_wait_for_it_once(specs):
    image = "{image: {repository: shop/app, tag: v1}}"
    (wanted,) = specs(Image, f"{image}, jobs: {image}")
    assert (wanted.name, wanted.service) == ("shop/app:v1", "web")
    assert [wanted.ref() in ecs.after for ecs in specs(EcsService, f"{image}, jobs: {image}")] == [True, True]
    assert len(specs(Image, f"{image}, jobs: {{image: {{repository: shop/app, tag: v2}}}}")) == 2


@pytest.mark.parametrize(("image", "compared"), [("tag: v1", True), (f"digest: sha256:{'0' * 64}", False)])
def test_a_service_waits_for_its_image_and_compares_only_that_of_a_tag(specs, image: str, compared: bool):
    service = f"{{image: {{{image}}}}}"
    (ecs,), (wanted,) = specs(EcsService, service), specs(Image, service)
    assert wanted.ref() in ecs.after
    assert ecs.images == (frozenset({wanted.ref()}) if compared else None)


def test_each_metric_has_its_own_target_and_each_direction_its_own_cooldown(specs):
    scaling = "{max: 4, cpu: 60, memory: 80, scale_in_cooldown: 200, scale_out_cooldown: 100}"
    (target,) = specs(ScalableTarget, f"{{scaling: {scaling}}}")
    cooldowns = {"scale_in_cooldown": 200, "scale_out_cooldown": 100}
    assert target.policies == {
        f"{metric}-{target.name}": TargetTracking(metric=metric, target=percent, **cooldowns)
        for metric, percent in (("cpu", 60), ("memory", 80))
    }


@pytest.mark.parametrize(
    ("own", "providers"),
    [("", {"FARGATE", "FARGATE_SPOT"}), ("capacity_providers: {FARGATE_SPOT: {weight: 1}}", {"FARGATE_SPOT"})],
)
def test_a_services_own_strategy_goes_before_the_clusters(specs, own: str, providers: set[str]):
    both = "cluster: {capacity_providers: {FARGATE: {weight: 1}, FARGATE_SPOT: {weight: 1}}}\n"
    (ecs,) = specs(EcsService, f"{{{own}}}", both)
    assert ecs.capacity_providers.keys() == providers


def test_what_a_protected_service_would_lose_for_good_is_protected(specs):
    protected = [spec for spec in specs(Spec, "{protect: true}") if spec.tags.get(PROTECT) == "true"]
    assert kinds(protected) == {"ecr_repository", "log_group", "ecs_service"}
