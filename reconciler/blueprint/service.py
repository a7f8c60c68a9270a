"""A service: its repository, role, logs, task definition, discovery, the ECS service itself and its scaling."""

from collections.abc import Iterator

from reconciler.blueprint.ecs_service import ecs_service, scaling
from reconciler.blueprint.service_context import ServiceContext
from reconciler.blueprint.task_definition import task_definition
from reconciler.blueprint.task_role import task_role
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.image import Image


def service(own: ServiceContext) -> Iterator[Spec]:
    """Yield all that belongs to one service, apart from its target group and rules."""
    role = task_role(own)
    images: tuple[Image, ...] = ()
    yield role
    if own.wanted.image.uri is None:
        repository = _repository(own)
        images = tuple(_images(own, repository))
        yield from (repository, *images)
    definition, logs = task_definition(own, role.ref("arn"))
    yield from (*logs, definition)
    registry = own.spec(
        CloudMapService,
        own.name,
        namespace=own.shared.cluster.namespace,
        ttl=own.context.platform.discovery.ttl,
    )
    yield registry
    ecs = ecs_service(own, definition, registry, images, needed_by_tasks=(role, *logs))
    yield ecs
    if own.wanted.scaling:
        yield scaling(own, own.wanted.scaling, ecs)


def _repository(own: ServiceContext) -> EcrRepository:
    return own.spec(
        EcrRepository,
        own.names.repository(own.name),
        protect=own.wanted.protect,
        scan_on_push=own.wanted.image.scan_on_push,
        keep_images=own.wanted.image.keep,
    )


def _images(own: ServiceContext, repository: EcrRepository) -> Iterator[Image]:
    """Yield the image that must have been pushed before tasks start, unless the file says not to look for it."""
    image = own.wanted.image
    if own.context.platform.images.check:
        yield own.spec(
            Image,
            f"{repository.name}@{image.digest}" if image.digest else f"{repository.name}:{image.tag}",
            repository=repository.ref(),
            tag=image.tag,
            digest=image.digest,
            region=own.context.facts.region,
        )
