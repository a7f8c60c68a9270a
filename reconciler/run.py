"""One run, from the file to the outcome: what the command line, scripts and a loop have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from threading import Event

from desired_state.load import DEFAULT_FILE, load
from desired_state.platform import Platform
from reconciler import apply as engine
from reconciler.apply import pacing
from reconciler.apply.events import Report
from reconciler.aws.client import Aws, connect
from reconciler.aws.logs import every_call
from reconciler.aws.reads import Reads, Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint import outputs as named
from reconciler.blueprint.facts import Facts
from reconciler.errors import PlanRefused, RunRefused
from reconciler.model.plan import Outcome, Plan
from reconciler.model.references import Address
from reconciler.model.spec import Spec
from reconciler.model.steps import Outputs
from reconciler.plan import plan, safety, validate
from reconciler.plan.safety import Consent
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all

SANDBOX_REGION = "us-east-1"  # of an embedded AWS, if the file names none
SERVICES = (  # whose clients are made, in this order, while AWS answers the first questions
    *("sts", "ec2", "iam", "ecs", "elbv2", "ecr", "servicediscovery", "logs", "cloudwatch"),
    *("application-autoscaling", "resourcegroupstaggingapi"),
)


@dataclass(frozen=True)
class Target:
    """Which platform, and against which AWS."""

    file: Path | None = None  # None: desired_state/platform.yaml, here or as it came with this package
    environment: str | None = None
    endpoint: str | None = None  # of an embedded AWS; None: AWS as boto3 finds it


@dataclass(frozen=True)
class Session:
    """A platform, what it consists of, and a view on what AWS has of it."""

    platform: Platform
    facts: Facts
    specs: tuple[Spec, ...]
    reads: Reads

    def plan(self, *, destroy: bool = False) -> Plan:
        """What makes AWS as the file says, or takes all of it back. Raises `ReadFailed`."""
        live = read_all(replace(self.reads, destroying=destroy), KINDS)
        return plan(KINDS, () if destroy else self.specs, live, self.reads.stack.name, self.specs)

    def outputs(self, ids: Mapping[Address, Outputs]) -> dict[str, str]:
        """What people need to know of it, as far as it lives."""
        wanted = {spec.address: spec for spec in self.specs}
        return named.outputs(self.platform, self.facts.partition, wanted, ids)

    def living(self) -> dict[Address, Outputs]:
        """What AWS has of it now, as far as people are told of it."""
        again = self.reads.fresh()
        lives = read_all(again, {kind: KINDS[kind] for kind in named.TOLD})
        return {live.spec.address: live.outputs for live in lives if live.owner == again.stack.name}


def living_after(todo: Plan, outcome: Outcome) -> dict[Address, Outputs]:
    """What lives after an apply, as its calls have told."""
    done = {*outcome.done}
    changed = {change.address for change in todo.changes if change.want and change.key in done}
    return {**todo.ids, **{address: outcome.ids[address] for address in changed}}


@contextmanager
def open_session(target: Target) -> Iterator[Session]:
    """Load the file, and see where the platform will stand. Raises `LoadError`, `ReadFailed`, `RunRefused`."""
    aws, platform = _begin(target)
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(aws, stack) as reads:
        reads.pool.submit(aws.warm, SERVICES)
        found = facts.read(reads, platform)
        if platform.account and platform.account != found.account:
            raise RunRefused(
                f"the file is for account {platform.account}, but these credentials belong to {found.account}"
            )
        specs = tuple(blueprint(platform, found))
        yield Session(platform, found, specs, reads.for_specs(specs))


def _begin(target: Target) -> tuple[Aws, Platform]:
    """The file's region wins; without one it is boto3's usual."""
    usual = SANDBOX_REGION if target.endpoint else connect(None).session.region_name
    platform = load(target.file or default_file(), target.environment, region=usual)
    if platform.region is None:
        raise RunRefused("no region is known: set `region:` in the file, or AWS_DEFAULT_REGION")
    aws = connect(platform.region, target.endpoint)
    if target.endpoint is None:
        _known(aws, platform.region)
    every_call(aws.session.events)
    return aws, platform


def _known(aws: Aws, region: str) -> None:
    """A region that does not exist would be told as a network that fails."""
    session = aws.session
    partitions = session.get_available_partitions()
    regions = [r for p in partitions for r in session.get_available_regions("ec2", p)]
    if region not in regions:
        new = "If it is a new one, update botocore, which does not know it yet."
        near = " or ".join(sorted(get_close_matches(region, regions, n=2)))  # east and west are near each other
        meant = f"; did you mean {near}?" if near else ""
        raise RunRefused(f"there is no region {region}{meant}\n{new}")


def default_file() -> Path:
    """The platform file if none is named: the one here, or the one that came with this package."""
    here = Path("desired_state/platform.yaml")
    return here if here.exists() else DEFAULT_FILE


def require_allowed(todo: Plan, consent: Consent, *, asks: bool = False) -> Plan:
    """The same plan, if it may be run. Raises `RunRefused`, `Invalid`."""
    if objections := safety.objections(KINDS, todo, consent, asks=asks):
        title = ["This plan cannot be run:"] if todo.conflicts else []
        raise PlanRefused("\n".join(title + objections), todo.conflicts, objections[len(todo.conflicts) :])
    validate.check(todo.changes)
    return todo


def apply_plan(
    session: Session,
    todo: Plan,
    *,
    stop: Event | None = None,
    report: Report = lambda _event: None,
    hold_for: float = 0,
    settle: bool = True,
    pace: pacing.Pace = pacing.pace,
) -> Outcome:
    """Run a plan that was checked; see `apply`."""
    return engine.apply(
        session.reads, KINDS, todo, stop=stop, report=report, hold_for=hold_for, settle=settle, pace=pace
    )
