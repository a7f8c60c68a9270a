"""The least-privilege IAM policies for each use of a platform file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desired_state.platform import Platform
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.spec import Spec, parts
from reconciler.policy.beside import event_grants, lease_grants, notify_grants, trail_grants
from reconciler.policy.documents import Document, documents, size
from reconciler.policy.grant import Grant, grants_of
from reconciler.policy.own import own_grants
from reconciler.policy.place import Place, place_of
from reconciler.policy.reads import READ_ROWS
from reconciler.policy.roles import escalation, role_grants
from reconciler.policy.use import Use, allowed_reads, rows_for
from reconciler.resources.iam_role import IamRole

__all__ = ["Policies", "Use", "policies", "size"]


@dataclass(frozen=True)
class Policies:
    """The documents for a use of a platform file, and what a person should know before attaching them."""

    documents: Sequence[Document]
    reasons: Sequence[tuple[str, str]]  # the names of statements that are not narrowed to the stack, and why
    escalation: str = ""  # what their holder could become; empty if nothing more than they say


def policies(platform: Platform, facts: Facts, use: Use) -> Policies:
    """Return the policies for a use of a platform, which must have a region. Pure."""
    specs = tuple(parts(blueprint(platform, facts)).values())
    place = place_of(platform, facts)
    grants = tuple(_grants(platform, specs, place, use))
    reasons = [(grant.sid, grant.reason) for grant in grants if grant.reason]
    return Policies(documents(grants), reasons, escalation(use, _roles(specs)))


def _grants(platform: Platform, specs: Iterable[Spec], place: Place, use: Use) -> Iterator[Grant]:
    yield from grants_of(READ_ROWS, place, allowed_reads())
    written = tuple(spec for spec in specs if use is not Use.CORRECT or not spec.of_the_job)
    for row, actions in rows_for(use, written):
        yield from grants_of([row], place, actions)
    yield from role_grants(use, place, _roles(written))
    yield from lease_grants(use, place) if platform.lease else ()
    if use in (Use.DRIFT, Use.CORRECT):
        yield from trail_grants(place)
        yield from event_grants(platform, place)
        yield from notify_grants(platform, place)
        yield from own_grants(place, specs)


def _roles(specs: Iterable[Spec]) -> tuple[IamRole, ...]:
    return tuple(spec for spec in specs if isinstance(spec, IamRole))
