"""One run, from the file to the plan: the common part of the command line and of rehearsals."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import Enum, auto
from pathlib import Path
from threading import Event
from typing import Any

from desired_state.load import DEFAULT_FILE, load
from desired_state.platform import Platform
from desired_state.warnings import find_warnings
from reconciler import plan as planner
from reconciler.aws.client import Aws, connect
from reconciler.aws.clock import Clock, awake_and_asleep
from reconciler.aws.lease import Lease, Terms, hold_lease
from reconciler.aws.lease.administration import Leases
from reconciler.aws.lease.process import this_process, utc_now
from reconciler.aws.logs import every_call
from reconciler.aws.reads import Reads, Stack, open_reads
from reconciler.aws.service_models import list_regions
from reconciler.aws.tally import Tally
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint import outputs as named
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.gaps import find_gaps
from reconciler.blueprint.limits import require_within_limits
from reconciler.early import SERVICES_READ, ask_early
from reconciler.errors import PlanRefused, RunRefused
from reconciler.look_again import (
    WORDS,
    differing_kinds,
    look_again,
    read_last_apply,
    seconds_left,
    waits_for_others,
)
from reconciler.model.lease import Applied
from reconciler.model.plan import Conflict, Op, Outcome, Plan, PlanWarning, Scope
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Outputs
from reconciler.plan import safety, validate
from reconciler.plan.safety import Consent
from reconciler.read_twice import read_and_compare
from reconciler.resources import KINDS
from reconciler.resources.kind import check_all, read_all

SANDBOX_REGION = "us-east-1"  # of an embedded AWS, if the file names none


@dataclass(frozen=True)
class Target:
    """A platform file, its environment, and the AWS that a run is for."""

    file: Path | None = None  # None: the default, see `find_file`
    environment: str | None = None
    endpoint: str | None = None  # of an embedded AWS; None: AWS as boto3 finds it
    # Lets an embedded AWS have what the file names, once it is read.
    prepare: Callable[[Platform], None] = lambda _platform: None
    tally: Tally = field(default_factory=Tally)  # of the reads of this AWS


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


@dataclass(frozen=True)
class Session:
    """A platform, its specs, and a view on what AWS has of it."""

    platform: Platform
    facts: Facts
    specs: tuple[Spec, ...]
    reads: Reads
    lease: Lease | None = None  # None: the run writes nothing, or the file says `lease: false`
    notify: Callable[[str], object] = lambda _words: None  # is told why a plan takes long
    clock: Clock = field(default_factory=lambda: awake_and_asleep(Event()))
    date: Callable[[], datetime] = lambda: datetime.now(UTC)

    def plan(self, *, destroy: bool = False) -> Plan:
        """Plan the changes that make AWS match the file, or that delete the stack. Raises `ReadFailed`."""
        stack = self.reads.stack.name
        if destroy:  # all of it is to be changed
            live: Sequence[Live[Any]] = read_all(replace(self.reads, destroying=True), KINDS)
            todo = self._compare(live, destroy=True)
        else:
            todo, live = read_and_compare(self.reads, KINDS, self._compare)
        exists = any(found.owner == stack for found in live)
        if exists and not destroy and self._may_be_outdated(todo):
            todo = self._look_again(todo, live)
        todo = replace(todo, scope=Scope(stack, self.facts.account, self.facts.region))
        findings = [] if destroy else [*self._find(todo)]
        if not exists:
            findings = [*self._environment_warnings(), *findings]
        return todo.with_findings(findings)

    def _compare(self, live: Sequence[Live[Any]], *, destroy: bool = False) -> Plan:
        desired, stack = () if destroy else self.specs, self.reads.stack.name
        return planner.plan(KINDS, desired, live, stack, self.specs, region=self.facts.region)

    def _may_be_outdated(self, todo: Plan) -> bool:
        """Tell whether the differences may be former values, of before an apply that ended a moment ago."""
        differs = bool(differing_kinds(todo)) and not waits_for_others(KINDS, todo)
        return self.platform.lease and differs

    def _look_again(self, todo: Plan, live: Sequence[Live[Any]]) -> Plan:
        """Read again, and plan, as long as an apply of this very file ended a moment ago."""
        applied = read_last_apply(self.reads.aws, self.reads.stack.name)
        seconds = seconds_left(applied, self.platform.digest, self.date())
        if seconds:
            self.notify(WORDS)

        def read(kinds: Collection[str]) -> Sequence[Live[Any]]:
            return read_all(self.reads.fresh(), {kind: KINDS[kind] for kind in kinds})

        return look_again(todo, live, seconds, self.clock, read, self._compare)

    def _find(self, todo: Plan) -> Iterator[Conflict | PlanWarning]:
        """Yield what no comparison shows: of the file, of its routes, and of what no run makes."""
        created = {change.address for change in todo.changes if change.op is Op.CREATE}
        yield from self._file_warnings()
        yield from find_gaps(self.platform, created, todo.ids.keys())
        yield from check_all(self.reads, KINDS)

    def _environment_warnings(self) -> Iterator[PlanWarning]:
        """Yield a warning if the environment, of which AWS has nothing, looks like a slip of another one."""
        name, near = self.platform.environment, self.platform.near_environment
        if near:
            yield PlanWarning(
                f"AWS has nothing of {self.reads.stack.name}, and no overlay is named {name}; did you mean {near}?",
                remedy=f"if {name} is a new environment: --new-environment",
                of_environment=True,
            )

    def _file_warnings(self) -> Iterator[PlanWarning]:
        for where, message in find_warnings(self.platform):
            position = self.platform.position(*where)
            yield PlanWarning(f"{position}: {message}" if position else message)

    def outputs(self, ids: Mapping[Address, Outputs]) -> dict[str, str]:
        """Return the outputs, such as the URL, of the resources that have ids."""
        wanted = {spec.address: spec for spec in self.specs}
        return named.outputs(self.platform, self.facts.partition, wanted, ids)

    def protect_position(self, service: str) -> str | None:
        """Return "path:line" of a service's protection, or of `services:` if the file lacks the service."""
        return self.platform.position("services", service, "protect") or self.platform.position("services")

    def read_ids(self) -> dict[Address, Outputs]:
        """Read the ids that `outputs` needs again. Raises `ReadFailed`."""
        reads = self.reads.fresh()
        live_resources = read_all(reads, {kind: KINDS[kind] for kind in named.KINDS_READ})
        return {live.spec.address: live.outputs for live in live_resources if live.owner == reads.stack.name}


def ids_after(plan: Plan, outcome: Outcome) -> dict[Address, Outputs]:
    """Return the ids of the resources that exist after an apply."""
    done = {*outcome.done}
    changed = {change.address for change in plan.changes if change.want and change.key in done}
    return {**plan.ids, **{address: outcome.ids[address] for address in changed}}


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
    stack = Stack(platform.stack, platform.suffix)
    with aws.silence.told(), open_reads(aws, stack) as reads:
        reads.meanwhile(aws.warm, SERVICES_READ)
        with _hold(reads, platform, writing) as lease:
            if purpose is not Purpose.OUTPUTS:
                reads.meanwhile(ask_early, reads, platform, all_kinds=purpose is Purpose.DESTROY)
            needs_zones = purpose is Purpose.PLAN
            found = facts.read_facts(reads, platform, account=platform.account, zones_needed=needs_zones)
            specs = tuple(blueprint(platform, found))
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


def leave_record(session: Session, program: str) -> None:
    """Leave in the lease's record what was applied, by this version of the program, when it is given back."""
    if lease := session.lease:
        lease.applied = Applied(session.platform.digest, utc_now(), lease.holder.actor, program)


def connect_to(target: Target) -> tuple[Aws, Platform]:
    """Load the file, and connect to its region, or to boto3's default region if the file has none."""
    usual = SANDBOX_REGION if target.endpoint else connect(None).session.region_name
    platform = load(find_file(target), target.environment, region=usual)
    if platform.region is None:
        raise RunRefused("no region is known: set `region:` in the file, or AWS_DEFAULT_REGION")
    target.prepare(platform)
    aws = connect(platform.region, target.endpoint, platform.account)
    aws.tally = target.tally
    require_known_region(platform.region)
    require_within_limits(platform, aws.partition)
    every_call(aws.session.events)
    return aws, platform


def require_known_region(region: str) -> None:
    """Raise `RunRefused` for an unknown region: its calls would fail like those of a broken network."""
    regions = list_regions()
    if region not in regions:
        new = "If it is a new one, update botocore, which does not know it yet."
        near = " or ".join(sorted(get_close_matches(region, regions, n=2)))  # east and west are near each other
        meant = f"; did you mean {near}?" if near else ""
        raise RunRefused(f"there is no region {region}{meant}\n{new}")


def find_file(target: Target) -> Path:
    """Return the target's file, else ./desired_state/platform.yaml if it exists, else this package's."""
    here = Path("desired_state/platform.yaml")
    return target.file or (here if here.exists() else DEFAULT_FILE)


def require_allowed(session: Session, plan: Plan, consent: Consent, *, asks: bool = False) -> None:
    """Raise `PlanRefused` if the plan may not be run, and `Invalid` if AWS would not accept one of its calls.

    `asks`: a person will be asked about deletions.
    """
    if objections := safety.objections(KINDS, plan, consent, asks=asks, position=session.protect_position):
        title = ["This plan cannot be run:"] if plan.conflicts else []
        raise PlanRefused("\n".join(title + objections), plan.conflicts, objections[len(plan.conflicts) :])
    validate.check(plan.changes)
