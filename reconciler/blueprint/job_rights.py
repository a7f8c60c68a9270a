"""What the job may do: read all that a plan reads, and write what a correction writes, but not to itself."""

from collections.abc import Iterable, Mapping, Sequence

from desired_state.drift import DriftCorrection
from reconciler.blueprint.context import Context
from reconciler.model.spec import Spec, parts
from reconciler.resources.iam_role import Policy
from reconciler.rights import find_grants
from reconciler.rights.beside import notify_grants, trail_grants
from reconciler.rights.place import place_of
from reconciler.rights.short import shorten
from reconciler.rights.use import Use

# An apply has made the table of the leases, and the roles that services make for themselves.
NOT_THE_JOBS = {"FirstUseOfAService", "LeaseTable"}


def job_policies(
    context: Context, job: DriftCorrection, command: Sequence[str], specs: Iterable[Spec]
) -> Mapping[str, Policy]:
    """Return the inline policies of the job's role, given its command and all specs of the platform.

    They are what `policy --for correct` prints, in fewer characters, or `--for drift` if it corrects nothing.
    """
    platform, facts = context.platform, context.facts
    use = Use.CORRECT if "--correct" in command else Use.DRIFT
    place = place_of(platform, partition=facts.partition, region=facts.region, account=facts.account)
    told = platform.drift.notify if job.notify is None else job.notify
    grants = [*find_grants(platform, parts(specs).values(), place, use), *notify_grants(told, place)]
    grants += trail_grants(place) if "--who" in command else ()
    statements = shorten(grant for grant in grants if grant.sid not in NOT_THE_JOBS)
    return {"rights": Policy(statements=frozenset(statements))}
