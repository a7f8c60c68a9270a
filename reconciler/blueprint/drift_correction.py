"""The job that finds and corrects drift, which AWS starts by a schedule on the platform's own cluster."""

from collections.abc import Iterable, Iterator
from typing import Any

from desired_state.drift import DriftCorrection
from desired_state.names import JOB
from desired_state.network import PUBLIC
from desired_state.placement import find_tier_of_job
from reconciler.blueprint.cluster import Cluster, role_settings
from reconciler.blueprint.context import Context
from reconciler.blueprint.job_rights import job_policies
from reconciler.blueprint.network_parts import Network
from reconciler.blueprint.schedule_rights import schedule_policy, trust_conditions
from reconciler.model.references import Ref, Text
from reconciler.model.spec import S, Spec
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.iam_role import IamRole
from reconciler.resources.image import Image
from reconciler.resources.log_group import LogGroup
from reconciler.resources.schedule import Schedule
from reconciler.resources.schedule_group import ScheduleGroup
from reconciler.resources.sqs_queue import SqsQueue
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.containers import Container
from reconciler.rights.roles import SCHEDULER_PRINCIPAL, TASKS_PRINCIPAL

CPU, MEMORY = 512, 1024  # a round of a hundred services stays below (docs/scale.md)
LOGS_KEPT = 30  # days
LETTERS_KEPT = 14 * 86_400  # seconds, SQS's most: people look at them when the job's silence is noticed
TRIES, TRIED_FOR = 2, 300  # a start that fails for longer is the next one's; AWS's defaults go on for a day
TAG = "latest"
IMAGES_KEPT = 10
SOURCE = "in a checkout of ecs-reconciler, with this file and its overlays in desired_state/ in place of what is there"


def drift_correction(
    context: Context, network: Network, cluster: Cluster, others: Iterable[Spec]
) -> Iterator[Spec]:
    """Yield the specs of the job, given all others of the platform, which it may write.

    They are marked as its own, so that it only reports how they differ.
    """
    job = context.platform.drift_correction or DriftCorrection()
    role = _role(context, context.names.task_role(JOB), TASKS_PRINCIPAL, "Rights of the drift-correction job")
    specs = (role, *_beside_role(context, job, network, cluster, role))
    policies = job_policies(context, job, find_command(context, job), (*others, *specs))
    yield role.model_copy(update={"policies": policies})
    yield from specs[1:]


def _beside_role(
    context: Context, job: DriftCorrection, network: Network, cluster: Cluster, role: IamRole
) -> Iterator[Spec]:
    logs = _own(context, LogGroup, context.names.log_group(JOB), retention_days=LOGS_KEPT)
    yield logs
    images: tuple[Image, ...] = ()
    if job.image is None:
        repository = _own(context, EcrRepository, context.names.repository(JOB), keep_images=IMAGES_KEPT)
        images = tuple(_images(context, repository))
        yield from (repository, *images)
    definition = _definition(context, job, cluster, role, logs)
    yield definition
    yield from _schedule(context, job, network, cluster, definition, (*images, logs, role))


def _own(context: Context, spec: type[S], name: str, **fields: Any) -> S:
    return context.spec(spec, name, service=JOB, of_the_job=True, **fields)


def _role(context: Context, name: str, principal: str, description: str) -> IamRole:
    settings = role_settings(context)
    return _own(context, IamRole, name, service_principal=principal, description=description, **settings)


def _images(context: Context, repository: EcrRepository) -> Iterator[Image]:
    """Yield the image that a person pushes, unless the file says not to check for images."""
    if context.platform.images.check:
        name, region = f"{repository.name}:{TAG}", context.facts.region
        pushed = {"repository": repository.ref(), "tag": TAG, "region": region, "source": SOURCE}
        yield _own(context, Image, name, **pushed)


def _definition(
    context: Context, job: DriftCorrection, cluster: Cluster, role: IamRole, logs: LogGroup
) -> TaskDefinition:
    repository = Ref("ecr_repository", context.names.repository(JOB), "uri")
    container = Container(
        image=job.image or Text(f"{{}}:{TAG}", (repository,)),
        command=find_command(context, job),
        # A file without a region is for that one. boto3 does not look at AWS_REGION.
        environment={"AWS_DEFAULT_REGION": context.facts.region},
        log_group=logs.ref(),
        log_prefix=JOB,
        log_region=context.facts.region,
    )
    return _own(
        context,
        TaskDefinition,
        context.names.family(JOB),
        cpu=CPU,
        memory=MEMORY,
        execution_role=cluster.execution_role,
        task_role=role.ref("arn"),
        containers={JOB: container},
    )


def find_command(context: Context, job: DriftCorrection) -> tuple[str, ...]:
    """Return the command of one round, as the image's entry point takes it.

    It asks who made what it finds: where nobody looks on, the log and the messages are all that tells it.
    """
    corrections = job.correct or context.platform.drift.correct
    only = ("--only", "security") if corrections == "security" else ()
    correct = () if corrections == "none" else ("--correct", *only)
    told = context.platform.drift.notify if job.notify is None else job.notify
    notify = ("--notify",) if told else ()
    return ("drift", "--env", context.platform.environment, "--who", *correct, *notify)


def _schedule(
    context: Context,
    job: DriftCorrection,
    network: Network,
    cluster: Cluster,
    definition: TaskDefinition,
    before: tuple[Spec, ...],
) -> Iterator[Spec]:
    """Yield the schedule, and what it needs to start the job. `before` must be there when it does."""
    names, tier = context.names, find_tier_of_job(context.platform)
    group = _own(context, ScheduleGroup, names.schedule_group)
    letters = _own(context, SqsQueue, names.dead_letters, retention=LETTERS_KEPT)
    role = _role(context, names.schedule_role, SCHEDULER_PRINCIPAL, "Starts the drift-correction job")
    rights = {
        "policies": {"start": schedule_policy(context)},
        "trust_conditions": trust_conditions(context),
    }
    role = role.model_copy(update=rights)
    needed = (*network.ways_out[tier], network.task_rules, cluster.execution_role)
    schedule = _own(
        context,
        Schedule,
        names.schedule_group,
        group=group.ref(),
        expression=format_rate(job.every),
        cluster=cluster.arn,
        role=role.ref("arn"),
        task_definition=definition.ref(),
        launch_type="FARGATE",
        subnets=network.subnets[tier],
        security_groups=frozenset({network.task_group}),
        public_address=tier == PUBLIC,
        dead_letters=letters.ref("arn"),
        retries=TRIES,
        retried_for=TRIED_FOR,
        after=frozenset({*needed, *(spec.ref() for spec in before)}),
    )
    yield from (group, letters, role, schedule)


def format_rate(seconds: int) -> str:
    """Return the expression of a schedule of whole minutes: `rate(1 minute)`, `rate(15 minutes)`."""
    minutes = seconds // 60
    return f"rate({minutes} minute{'s' * (minutes != 1)})"
