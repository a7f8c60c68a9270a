"""A session with one platform: its specs, what AWS has of them, and the plan that makes them match."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event
from typing import Any

from desired_state.platform import Platform
from desired_state.warnings import find_warnings
from reconciler import plan as planner
from reconciler.aws.clock import Clock, awake_and_asleep
from reconciler.aws.lease import Lease
from reconciler.aws.reads import Reads
from reconciler.blueprint import outputs as named
from reconciler.blueprint.existing.own import find_own
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.gaps import find_gaps
from reconciler.blueprint.passed_log_ins import find_passed_log_ins
from reconciler.look_again import (
    WORDS,
    differing_kinds,
    look_again,
    read_last_apply,
    seconds_left,
    waits_for_others,
)
from reconciler.model.plan import Conflict, Op, Outcome, Plan, PlanWarning, Scope
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Outputs
from reconciler.read_twice import read_and_compare
from reconciler.resources import KINDS
from reconciler.resources.kind import check_all, read_all
from reconciler.resources.listener_rule import ListenerRule


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

    @property
    def scope(self) -> Scope:
        """The stack, and where it is."""
        return Scope(self.reads.stack.name, self.facts.account, self.facts.region)

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
        todo = replace(todo, scope=self.scope)
        described = {spec.address for spec in self.specs}
        own = find_own(self.platform, self.facts.existing, described, todo.changes)
        findings: list[Conflict | PlanWarning] = [*own, *(() if destroy else self._find(todo))]
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
        yield from find_passed_log_ins(self.platform, self._priorities)
        yield from find_gaps(self.platform, created, todo.ids.keys(), self._priorities)
        yield from check_all(self.reads, KINDS)

    @property
    def _priorities(self) -> dict[str, int]:
        """The priorities of the rules, by their names."""
        return {spec.name: spec.priority for spec in self.specs if isinstance(spec, ListenerRule)}

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
        for where, message in find_warnings(self.platform, self._priorities):
            position = self.platform.position(*where)
            yield PlanWarning(f"{position}: {message}" if position else message)

    def outputs(
        self, ids: Mapping[Address, Outputs], services: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the outputs, such as the URL, of the resources that have ids; of `services` only if given."""
        wanted = {spec.address: spec for spec in self.specs}
        return named.outputs(self.platform, self.facts.partition, wanted, ids, services, self.facts.existing)

    def protect_position(self, service: str) -> str | None:
        """Return "path:line" of a service's protection, or of `services:` if the file lacks the service."""
        return self.platform.position("services", service, "protect") or self.platform.position("services")

    def read_ids(self) -> dict[Address, Outputs]:
        """Read the ids that `outputs` needs again. Raises `ReadFailed`."""
        reads = self.reads.fresh()
        live_resources = read_all(reads, {kind: KINDS[kind] for kind in named.kinds_read(self.platform)})
        return {live.spec.address: live.outputs for live in live_resources if live.owner == reads.stack.name}


def ids_after(plan: Plan, outcome: Outcome) -> dict[Address, Outputs]:
    """Return the ids of the resources that exist after an apply."""
    done = {*outcome.done}
    changed = {change.address for change in plan.changes if change.want and change.key in done}
    return {**plan.ids, **{address: outcome.ids[address] for address in changed}}
