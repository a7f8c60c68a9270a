"""The settings of a service and of the platform become resources."""

from pathlib import Path
from typing import Any

import pytest

from desired_state import load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.spec import Spec
from reconciler.resources.iam_role import IamRole, Statement
from reconciler.resources.image import Image
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


def test_a_parameter_that_a_service_names_may_be_read(specs):
    (role,) = [r for r in specs(IamRole, f'{{secrets: {{DB: "{PARAMETER}"}}}}') if "execution" in r.name]
    granted = Statement(
        effect="Allow", actions=frozenset({"ssm:GetParameters"}), resources=frozenset({PARAMETER})
    )
    assert granted in role.policies["secrets"].statements
