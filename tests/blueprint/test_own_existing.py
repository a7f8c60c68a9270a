"""What a file says exists already, and this stack has made: it is not deleted, also not by a destroy."""

import pytest
from crash.cloud import cloud, run

from desired_state import load
from reconciler.model.references import Address
from reconciler.sandbox import CALM

ROLE = "arn:aws:iam::123456789012:role"
FILE = """
platform: shop
environment: dev
region: us-east-1
dashboard: false
images: {check: false}
cluster: {}
services:
  web:
    port: none
    image: {tag: v1}
    logs: {}
    roles: {}
"""


def platform(folder, written="", replacement="", more=""):
    file = folder / "platform.yaml"
    file.write_text(FILE.replace(written, replacement, 1) + more)
    return load(file, environ={})


@pytest.mark.parametrize("destroy", [False, True])
@pytest.mark.parametrize(
    ("written", "existing", "address", "told"),
    [
        (
            "cluster: {}",
            "cluster: {existing: ecs-cluster-shop-dev}",
            Address("ecs_cluster", "ecs-cluster-shop-dev"),
            "7:11: cluster.existing",
        ),
        (
            "logs: {}",
            "logs: {existing: /aws/ecs/web-shop-dev}",
            Address("log_group", "/aws/ecs/web-shop-dev"),
            "12:12: services.web.logs.existing",
        ),
        (
            "image: {tag: v1}",
            "image: {repository: ecr-repo-web-shop-dev}",
            Address("ecr_repository", "ecr-repo-web-shop-dev"),
            "11:13: services.web.image.repository",
        ),
        (
            "roles: {}",
            f"roles: {{task: '{ROLE}/ecs-task-web-shop-dev'}}",
            Address("iam_role", "ecs-task-web-shop-dev"),
            "13:13: services.web.roles.task",
        ),
    ],
)
def test_a_thing_of_the_stack_that_is_named_as_existing_is_a_conflict(
    tmp_path, written, existing, address, told, destroy
):
    with cloud(CALM) as clock:
        run(platform(tmp_path), clock)
        refused = run(platform(tmp_path, written, existing), clock, destroy=destroy).todo
        (found,) = [one for one in refused.conflicts if "names it as one that exists" in one.why]
        assert found.address == address
        assert f"platform.yaml:{told}" in found.why


@pytest.mark.parametrize("destroy", [False, True])
def test_a_service_may_run_images_of_a_repository_that_another_one_has(tmp_path, destroy):
    with cloud(CALM) as clock:
        run(platform(tmp_path), clock)
        mail = "  mail: {port: none, image: {repository: ecr-repo-web-shop-dev, tag: v1}}\n"
        assert not run(platform(tmp_path, more=mail), clock, destroy=destroy).todo.conflicts
