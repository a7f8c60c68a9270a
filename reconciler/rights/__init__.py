"""What a use of a platform may do in AWS, as grants made from tables of actions."""

from collections.abc import Iterable, Iterator

from desired_state.platform import Platform
from reconciler.model.spec import Spec
from reconciler.resources.iam_role import IamRole
from reconciler.rights.beside import lease_grants, outside_grants
from reconciler.rights.edges import edge_grants
from reconciler.rights.existing import existing_grants
from reconciler.rights.grant import Grant, grants_of
from reconciler.rights.log_in import log_in_grants
from reconciler.rights.names import name_grants
from reconciler.rights.own import own_grants
from reconciler.rights.place import Place
from reconciler.rights.reads import READ_ROWS
from reconciler.rights.roles import role_grants
from reconciler.rights.use import Use, allowed_reads, rows_for


def find_grants(platform: Platform, specs: Iterable[Spec], place: Place, use: Use) -> Iterator[Grant]:
    """Yield what a use needs for the specs of a platform: reads, writes, the lease, and what the job is denied.

    Of the job's own role its policies are not looked at, as they are made of this.
    """
    specs = tuple(specs)
    yield from grants_of(READ_ROWS, place, allowed_reads())
    written = tuple(spec for spec in specs if use is not Use.CORRECT or not spec.of_the_job)
    for row, actions in rows_for(use, written):
        yield from grants_of([row], place, actions)
    yield from role_grants(use, place, find_roles(written), find_existing_roles(platform))
    yield from existing_grants(platform, use, place)
    yield from edge_grants(platform, use, place)
    yield from name_grants(platform, specs, use, place)
    yield from log_in_grants(platform, use, place)
    yield from lease_grants(use, place) if platform.lease else ()
    yield from outside_grants(platform, place)
    if use in (Use.DRIFT, Use.CORRECT):
        yield from own_grants(place, specs)


def find_existing_roles(platform: Platform) -> frozenset[str]:
    """Return the ARNs of the roles that the file names and that exist already."""
    named = (
        arn for service in platform.services.values() for arn in (service.roles.execution, service.roles.task)
    )
    return frozenset(arn for arn in named if arn)


def find_roles(specs: Iterable[Spec]) -> tuple[IamRole, ...]:
    """Return the roles among the specs."""
    return tuple(spec for spec in specs if isinstance(spec, IamRole))
