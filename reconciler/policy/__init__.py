"""The least-privilege IAM policies for each use of a platform file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desired_state.drift import Notified
from desired_state.platform import Platform
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.spec import Spec, parts
from reconciler.policy.documents import Document, documents, size
from reconciler.policy.overlap import find_overlap
from reconciler.rights import find_grants, find_roles
from reconciler.rights.beside import event_grants, notify_grants, trail_grants
from reconciler.rights.grant import Grant
from reconciler.rights.place import Place, place_of
from reconciler.rights.roles import escalation
from reconciler.rights.use import Use

__all__ = ["Policies", "Use", "policies", "size"]


@dataclass(frozen=True)
class Policies:
    """The documents for a use of a platform file, and what a person should know before attaching them."""

    documents: Sequence[Document]
    reasons: Sequence[tuple[str, str]]  # the names of statements that are not narrowed to the stack, and why
    escalation: str = ""  # what their holder could become; empty if nothing more than they say
    overlap: str = ""  # what their holder could do to stacks of similar names; empty if nothing


def policies(platform: Platform, facts: Facts, use: Use) -> Policies:
    """Return the policies for a use of a platform, which must have a region. Pure."""
    specs = tuple(parts(blueprint(platform, facts)).values())
    place = place_of(platform, partition=facts.partition, region=facts.region, account=facts.account)
    grants = tuple(_grants(platform, specs, place, use))
    reasons = [(grant.sid, grant.reason) for grant in grants if grant.reason]
    could_become = escalation(use, find_roles(specs))
    return Policies(documents(grants), reasons, could_become, find_overlap(use, platform))


def _grants(platform: Platform, specs: Iterable[Spec], place: Place, use: Use) -> Iterator[Grant]:
    yield from find_grants(platform, specs, place, use)
    if use in (Use.DRIFT, Use.CORRECT):
        yield from trail_grants(place)
        yield from event_grants(platform, place)
        yield from notify_grants(_told(platform), place)


def _told(platform: Platform) -> Iterable[Notified]:
    job = platform.drift_correction
    return (*platform.drift.notify, *((job and job.notify) or ()))
