"""What was lost of one resource is looked for by reads that do not grow with the number of its kind."""

from collections import Counter
from collections.abc import Callable
from threading import Event

import pytest
from support import OURS, Counted, act, client, connection, make, see, settle

from reconciler.aws.reads import open_reads
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources import KINDS
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.iam_role import IamRole
from reconciler.resources.log_group import LogGroup
from reconciler.resources.task_definition import Container, TaskDefinition
from reconciler.resources.vpc import Vpc

VPC = make(Vpc, "vpc-dev", cidr="10.0.0.0/16")
NAMESPACE = make(CloudMapNamespace, "dev.local", domain="dev.local", vpc=VPC.ref())


def log_group(name: str) -> Spec:
    return make(LogGroup, f"/ecs/{name}")


def repository(name: str) -> Spec:
    return make(EcrRepository, name)


def role(name: str) -> Spec:
    return make(IamRole, name, service_principal="ecs-tasks.amazonaws.com")


def family(name: str) -> Spec:
    containers = {"web": Container(image="public.ecr.aws/nginx/nginx:1.27")}
    return make(TaskDefinition, name, cpu=256, memory=512, containers=containers)


def cloud_map_service(name: str) -> Spec:
    return make(CloudMapService, name, namespace=Ref("cloud_map_namespace", NAMESPACE.name), ttl=30)


def reads_of_recovery(want: Spec, *others: Spec) -> Counter[str]:
    """Count the reads that find `want`, and it alone of its kind."""
    with open_reads(connection(), OURS, [want, *others]) as reads, Counted() as calls:
        found = list(KINDS[want.kind].read(reads.fresh(Event(), only=want)))
    assert [live.spec.address for live in found] == [want.address]
    return +calls


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("made", [log_group, repository, role, family, cloud_map_service])
def test_the_reads_for_one_do_not_grow_with_the_number_of_others(made: Callable[[str], Spec]):
    around = [VPC, NAMESPACE] if made is cloud_map_service else []
    want, others = made("web-1"), [made(f"web-{number}") for number in range(10, 22)]
    settle([*around, want])
    alone = reads_of_recovery(want, *around)
    settle([*around, want, *others])
    assert reads_of_recovery(want, *around, *others) == alone
    assert alone.total() <= 6


@pytest.mark.usefixtures("aws")
def test_a_create_that_was_made_already_reads_that_one_only():
    groups = [log_group(f"web-{number}") for number in range(12)]
    todo = see(groups)
    tags = dict(groups[0].tags)
    client("logs").create_log_group(logGroupName=groups[0].name, tags=tags)
    with Counted() as calls:
        assert len(act(todo).done) == 12
    assert (calls["DescribeLogGroups"], calls["ListTagsForResource"]) == (1, 1)
