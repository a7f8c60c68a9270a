"""The specs of a service: repository, role, logs, task definition, discovery, ECS service and scaling."""

from collections.abc import Iterator

from reconciler.blueprint.ecs_service import ecs_service
from reconciler.blueprint.scaling import scalable_target
from reconciler.blueprint.service_context import ServiceContext
from reconciler.blueprint.task_definition import task_definition
from reconciler.blueprint.task_role import task_role
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.image import Image

DOCKER_PLATFORMS = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}  # by the file's name of the architecture

TAG_MUTABILITY = {True: "IMMUTABLE", False: "MUTABLE", None: None}  # by `immutable_tags`; None: left open


def service_specs(service: ServiceContext) -> Iterator[Spec]:
    """Yield the specs of one service, except its target group and rules."""
    existing = service.settings.roles.task
    made = () if existing else (task_role(service),)
    role = made[0].ref("arn") if made else Ref("iam_role", existing or "", "arn", by_id=True)
    images: tuple[Image, ...] = ()
    yield from made
    if service.settings.image.uri is None:
        yield from _repository(service)
        images = tuple(_images(service))
        yield from images
    definition, logs = task_definition(service, role)
    yield from (*logs, definition)
    registries = tuple(_registries(service))
    yield from registries
    ecs = ecs_service(service, definition, registries, images, needed_by_tasks=(*made, *logs))
    yield ecs
    if service.settings.scaling:
        yield scalable_target(service, service.settings.scaling, ecs)


def _repository(service: ServiceContext) -> Iterator[EcrRepository]:
    """Yield the service's repository, unless it is one that exists."""
    if service.settings.image.repository is None:
        yield service.spec(
            EcrRepository,
            service.names.repository(service.name),
            protect=service.settings.protect,
            scan_on_push=service.settings.image.scan_on_push,
            tag_mutability=TAG_MUTABILITY[service.settings.image.immutable_tags],
            keep_images=service.settings.image.keep,
        )


def _registries(service: ServiceContext) -> Iterator[CloudMapService]:
    """Yield the service's name in discovery, unless it has no port that others could connect to."""
    if service.settings.listens:
        yield service.spec(
            CloudMapService,
            service.name,
            namespace=service.shared.cluster.namespace,
            ttl=service.context.platform.discovery.ttl,
        )


def _images(service: ServiceContext) -> Iterator[Image]:
    """Yield the service's image, unless the file says not to check for it."""
    image, repository = service.settings.image, service.repository("id")
    if service.context.platform.images.check:
        yield service.spec(
            Image,
            f"{repository.name}@{image.digest}" if image.digest else f"{repository.name}:{image.tag}",
            repository=repository,
            uri=service.repository("uri") if image.repository else None,
            tag=image.tag,
            digest=image.digest,
            region=service.context.facts.region,
            platform=DOCKER_PLATFORMS[service.settings.architecture],
        )
