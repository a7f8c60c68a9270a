"""Tasks and instances of others in a cluster of ours: AWS deletes no cluster that has any."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model.spec import Blocker
from reconciler.model.steps import Call

MAX_TASKS_DESCRIBED = 100  # in one DescribeTasks
OF_A_SERVICE = "service:"  # before the group of a service's task, which goes with the service
OF_A_FAMILY = (
    "family:"  # before that of another task, unless whoever started it gave one (RunTask API reference)
)


def find_blockers(reads: Reads, cluster: Mapping[str, Any]) -> Iterator[Blocker]:
    """Yield them, given a cluster of DescribeClusters.

    Its tasks are listed only before a destroy, and for a drift report. The job of drift correction is ours, and
    ends by itself: a deletion waits for it.
    """
    name, instances = cluster["clusterName"], cluster.get("registeredContainerInstancesCount", 0)
    region = reads.aws.region
    if instances:
        remedy = f"aws ecs list-container-instances --cluster {name} --region {region}, and deregister-container-instance each"
        yield Blocker(f"{instances} container instance{'s' * (instances != 1)}", remedy)
    if reads.destroying or reads.seeks_foreign:
        arns = reads.pages("ecs", "list_tasks", "taskArns[]", cluster=name, desiredStatus="RUNNING")
        tasks = reads.in_batches(lambda batch: _describe(reads, name, batch), arns, MAX_TASKS_DESCRIBED)
        jobs = {
            OF_A_FAMILY + spec.physical_name
            for spec in reads.desired.by_kind.get("task_definition", {}).values()
            if spec.of_the_job
        }
        yield from (
            _to_blocker(name, task, region)
            for task in tasks
            if not task["group"].startswith(OF_A_SERVICE) and task["group"] not in jobs
        )


def _describe(reads: Reads, cluster: str, tasks: list[str]) -> list[dict[str, Any]]:
    path = "tasks[?lastStatus!='STOPPED'].{arn: taskArn, group: group || ''}"
    return reads.pages("ecs", "describe_tasks", path, cluster=cluster, tasks=tasks)


def _to_blocker(cluster: str, task: Mapping[str, str], region: str) -> Blocker:
    own_id = task["arn"].rpartition("/")[2]
    remedy = cli_command(Call("ecs", "stop_task", {"cluster": cluster, "task": own_id}), region)
    return Blocker(f"task {own_id} ({task['group'] or 'of no group'})", remedy)
