"""What a file says exists already, and is the stack's own: no run deletes what is named so."""

from collections.abc import Collection, Iterable, Iterator

from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.blueprint.existing.found import Existing
from reconciler.blueprint.existing.load_balancer import where_existing
from reconciler.blueprint.existing.network import SUBNETS, VPC
from reconciler.model.plan import Change, Conflict, Op
from reconciler.model.references import Address
from reconciler.model.tags import OWN_PREFIX

WHY = "would be deleted as this stack's own, and the file names it as one that exists: {}"
REMEDY = (
    "let the file describe it, without `existing`; or, if it is no longer to be this stack's, take the tags "
    f"that begin with {OWN_PREFIX} off it"
)

Named = tuple[KeyPath, str, str | None]  # the place in the file, the kind, and an output of it in AWS


def find_own(
    platform: Platform,
    existing: Existing | None,
    described: Collection[Address],
    changes: Iterable[Change],
) -> Iterator[Conflict]:
    """Yield a conflict for each deletion of what the file names as one that exists.

    `described` are the addresses of what the file describes: that is the stack's own all the same, such as a
    repository whose images another of its services runs.
    """
    named = {(kind, value): where for where, kind, value in _list_named(platform, existing) if value}
    for change in changes:
        if change.op is not Op.DELETE or change.address in described:
            continue
        places = (named.get((change.address.kind, value)) for value in change.outputs.values())
        if where := next((place for place in places if place), None):
            yield Conflict(change.address, WHY.format(platform.mistake(where, "")), REMEDY)


def _list_named(platform: Platform, existing: Existing | None) -> Iterator[Named]:
    """Yield what the file names; networks also by what AWS was found to have, if it was asked."""
    if network := platform.network.existing:
        yield VPC, "vpc", network.vpc.id
        for tier, chosen in network.subnets.items():
            yield from (((*SUBNETS, tier), "subnet", own_id) for own_id in chosen.ids)
    for where, outputs in (existing or {}).items():
        if where == VPC:
            yield where, "vpc", outputs["id"]
        elif where[:-1] == SUBNETS:
            yield from ((where, "subnet", own_id) for own_id in outputs)
    yield ("cluster", "existing"), "ecs_cluster", platform.cluster.existing_name
    yield ("discovery", "existing"), "cloud_map_namespace", platform.discovery.existing
    for key, balancer in platform.balancers.items():
        yield where_existing(key), "load_balancer", balancer.existing
    for door, listener in platform.doors.items():
        yield (*door.where, "existing"), "listener", listener.existing
    yield from _list_of_services(platform)


def _list_of_services(platform: Platform) -> Iterator[Named]:
    for name, service in platform.services.items():
        own: KeyPath = ("services", name)
        yield (*own, "roles", "execution"), "iam_role", service.roles.execution
        yield (*own, "roles", "task"), "iam_role", service.roles.task
        yield (*own, "logs", "existing"), "log_group", service.logs.existing
        yield (*own, "image", "repository"), "ecr_repository", service.image.repository
        for number, group in enumerate(service.security_groups):
            yield (*own, "security_groups", number), "security_group", group
