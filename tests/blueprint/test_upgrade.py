"""A stack that an earlier version made gets the tag that names each service, and nothing else happens to it."""

from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import pytest
from crash import platforms
from crash.cloud import cloud, run
from support import client

from reconciler.model import tags
from reconciler.model.plan import Op
from reconciler.render.plan_text import plan_text
from reconciler.sandbox import CALM
from reconciler.sandbox.clock import Clock


@pytest.fixture
def earlier() -> Iterator[Clock]:
    """Build the default platform without that tag."""
    with cloud(CALM) as clock:
        with patch.object(tags, "SERVICE", "team"):
            assert run(platforms.default(), clock).clean
        yield clock


def deployed() -> list[str]:
    """Return the deployments of all services, and the revisions that they run."""
    names = client("ecs").list_services(cluster="ecs-cluster-crash")["serviceArns"]
    services = client("ecs").describe_services(cluster="ecs-cluster-crash", services=names)["services"]
    return sorted(f"{d['id']} {d['taskDefinition']}" for service in services for d in service["deployments"])


def test_the_upgrade_is_one_line_and_deploys_nothing(earlier: Clock):
    before = deployed()
    upgraded = run(platforms.default(), earlier)
    changes = upgraded.todo.changes
    shown = f"{len(changes)} resources get the tag ecs-reconciler:service; nothing restarts\n\n"
    assert (
        plan_text(replace(upgraded.todo, scope=None))
        == f"{shown}Plan: {len(changes)} to update; {len(changes)} AWS calls.\n"
    )
    assert {change.op for change in changes} == {Op.UPDATE}
    assert {field.field for change in changes for field in change.fields} == {"tags"}
    assert upgraded.clean
    assert deployed() == before
    assert run(platforms.default(), earlier).todo.changes == ()


def test_every_resource_of_a_service_that_aws_can_tag_gets_the_tag(earlier: Clock):
    changed = {change.address for change in run(platforms.default(), earlier).todo.changes}
    desired = run(platforms.default(), earlier).todo.desired
    assert changed == {a for a, spec in desired.items() if spec.service and tags.SERVICE in spec.tags}
    assert len(changed) == 3 * 7 + 2
