"""The beginning of a run: the file, the connection, the lease, and what specs depend on; and its permission."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum, auto

from desired_state.platform import Platform
from reconciler.aws.lease import Lease, Terms, hold_lease
from reconciler.aws.lease.administration import Leases
from reconciler.aws.lease.process import this_process, utc_now
from reconciler.aws.reads import Reads, Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint.outside import complete
from reconciler.blueprint.priorities import give_priorities
from reconciler.early import SERVICES_READ, ask_early
from reconciler.errors import PlanRefused
from reconciler.model.applied import pack
from reconciler.model.lease import NOTHING_APPLIED, Applied
from reconciler.model.plan import Plan
from reconciler.plan import safety, validate
from reconciler.plan.safety import Consent
from reconciler.resources import KINDS
from reconciler.session import Session
from reconciler.target import Target, connect_to


class Purpose(Enum):
    """What a session is opened for. Only a plan of the file needs the zones of its subnets."""

    PLAN = auto()
    DESTROY = auto()
    OUTPUTS = auto()


@dataclass(frozen=True)
class Writing:
    """A run that may write, as others see it while it holds the lease."""

    command: str
    terms: Terms


@contextmanager
def open_session(
    target: Target,
    writing: Writing | None = None,
    *,
    purpose: Purpose = Purpose.PLAN,
    notify: Callable[[str], object] = lambda _words: None,
) -> Iterator[Session]:
    """Load the file, take the lease if the run writes, and read the facts that specs depend on.

    What is read before the lease is held may be outdated when it is: nothing but the caller is asked before.
    Raises `LoadError`, `ReadFailed`, `RunRefused`, `LeaseHeld`.
    """
    aws, platform = connect_to(target)
    stack, turns = Stack(platform.stack, platform.suffix), target.connected.turns if target.connected else None
    with aws.silence.told(), open_reads(aws, stack, turns=turns) as reads:
        reads.meanwhile(aws.warm, SERVICES_READ)
        with _hold(reads, platform, writing) as lease:
            platform = complete(reads, platform, needed=purpose is Purpose.PLAN)
            if purpose is not Purpose.OUTPUTS:
                reads.meanwhile(ask_early, reads, platform, all_kinds=purpose is Purpose.DESTROY)
            found = facts.read_facts(
                reads,
                platform,
                account=platform.account,
                zones_needed=purpose is Purpose.PLAN,
                existing_needed=purpose is not Purpose.DESTROY,
            )
            specs = tuple(blueprint(platform, found))
            if purpose is Purpose.PLAN:
                specs = give_priorities(reads, specs)
            yield Session(platform, found, specs, reads.for_specs(specs), lease, notify)


def _hold(reads: Reads, platform: Platform, writing: Writing | None) -> AbstractContextManager[Lease | None]:
    """Hold the lease within the block, if the run needs it. The table is made in the file's account only."""
    if writing is None or not platform.lease:
        return nullcontext()
    reads.meanwhile(reads.aws.client, "dynamodb", retries=False)
    caller = facts.read_caller(reads, platform.account)
    return hold_lease(reads.aws, reads.stack.name, this_process(writing.command, caller.arn), writing.terms)


@contextmanager
def open_leases(target: Target) -> Iterator[Leases]:
    """Load the file, and yield the lease of its stack. Raises `LoadError`, `ReadFailed`, `RunRefused`."""
    aws, platform = connect_to(target)
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(aws, stack) as reads:
        caller = facts.read_caller(reads, platform.account)
        yield Leases(aws.client("dynamodb", retries=False), stack.name, caller.arn)


def find_place(target: Target) -> tuple[Platform, facts.Facts]:
    """Load the file, and return it with where it is, without reading what AWS has of it.

    AWS is asked whose credentials these are only if the file names no account, and for values only if the file
    refers to some. Raises as `connect_to`, and `ReadFailed`.
    """
    aws, platform = connect_to(target)
    if platform.account and not platform.is_open:
        return platform, facts.assume_facts(platform, aws.partition)
    with open_reads(aws, Stack(platform.stack, platform.suffix)) as reads:
        account = facts.read_caller(reads).account
        platform = complete(reads, platform)
        return platform, replace(facts.assume_facts(platform, aws.partition), account=account)


def leave_record(session: Session, program: str) -> None:
    """Leave in the lease's record what was applied, by this version of the program, when it is given back."""
    if lease := session.lease:
        done = pack(session.specs)
        lease.applied = Applied(session.platform.digest, utc_now(), lease.holder.actor, program, done)


def clear_record(session: Session) -> None:
    """Leave in the lease's record, when it is given back, that nothing is applied."""
    if lease := session.lease:
        lease.applied = NOTHING_APPLIED


def require_allowed(session: Session, plan: Plan, consent: Consent, *, asks: bool = False) -> None:
    """Raise `PlanRefused` if the plan may not be run, and `Invalid` if AWS would not accept one of its calls.

    `asks`: a person will be asked about deletions.
    """
    if objections := safety.objections(KINDS, plan, consent, asks=asks, position=session.protect_position):
        title = ["This plan cannot be run:"] if plan.conflicts else []
        raise PlanRefused("\n".join(title + objections), plan.conflicts, objections[len(plan.conflicts) :])
    validate.check(plan.changes)
