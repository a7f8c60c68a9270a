"""Find the differences between what a plan was made of: whole resources, and single values of others. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reconciler.drift.severity import rate
from reconciler.drift.untagged import compare_tags, find_heirs, find_untagged
from reconciler.model.aws_default import AwsDefault
from reconciler.model.differences import MISSING, ValueDiff, compare
from reconciler.model.drift import Difference, Finding, Remark
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address, Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Outputs
from reconciler.model.tags import service
from reconciler.plan.declared import only_declared
from reconciler.plan.matching import diff, plan_names, with_plan_names
from reconciler.resources.kind import Kind, Kinds

Matched = Mapping[Address, Live[Any]]  # the live resources that desired ones match, with Refs by plan name


@dataclass(frozen=True)
class Compared:
    """A desired resource and the live one that it is compared with."""

    kind: Kind[Any]
    want: Spec
    live: Live[Any]  # with Refs by plan name
    service: str | None

    def difference(self, value: ValueDiff) -> Difference:
        """Return a difference of the two, given the value that differs."""
        none = (MISSING, "") if _has_none(self.want, value) else (MISSING,)
        live, want = (None if side in none else side for side in (value.live, value.want))
        severity, notes = rate(self.kind, self.live.spec, self.want, value), self.kind.drift_notes
        return Difference(
            self.want.address,
            Finding.CHANGED,
            value.path,
            live,
            want,
            severity,
            service=self.service,
            where=value.where,
            item=value.item,
            outputs=self.live.outputs,
            note=notes.meaning(value),
            words=notes.instead(value),
        )


def _has_none(spec: Spec, value: ValueDiff) -> bool:
    """Tell whether an empty text is AWS's default of the field, and so means that there is none."""
    field = type(spec).model_fields.get(str(value.where[0])) if len(value.where) == 1 else None
    return field is not None and any(isinstance(m, AwsDefault) and m.value == "" for m in field.metadata)


def match(todo: Plan, live: Iterable[Live[Any]]) -> Matched:
    """Return the live resources that the plan keeps, by address, given all that it was made of."""
    names = find_names(todo)
    ours = {found.key: found for found in live if todo.scope is None or found.owner == todo.scope.stack}
    kept = {address: ours.get(f"{address}#{outputs['id']}") for address, outputs in todo.ids.items()}
    return {address: with_plan_names(found, names) for address, found in kept.items() if found}


def find_names(todo: Plan) -> dict[Ref, Ref]:
    """Return the plan names of the ids of what is kept, of what the plan would replace, and of the untagged.

    So what refers to a resource that differs does not differ for that alone, as it does in the plan.
    """
    names: dict[Ref, Ref] = {}
    for change in todo.changes:
        if change.want is None:
            names |= plan_names(change.address, change.outputs)
    for address, live in find_untagged(todo).items():
        names |= plan_names(address, live.outputs)
    for address, outputs in todo.ids.items():
        names |= plan_names(address, outputs)
    return names


def find_differences(kinds: Kinds, todo: Plan, matched: Matched) -> Iterator[Difference | Remark]:
    """Yield what differs, and remarks on what only seems to: see `DriftNotes.passing`."""
    untagged = find_untagged(todo)
    yield from _find_missing(kinds, todo, untagged.keys() | find_heirs(kinds, todo, untagged))
    for address, tag in compare_tags(todo, untagged):
        want, live = todo.desired[address], untagged[address]
        yield Compared(kinds[address.kind], want, live, service(want)).difference(tag)
    replaced = {change.replaces for change in todo.changes if not change.moved}
    for change in todo.changes:
        if change.want is None and change.key not in replaced and change.live:
            yield _orphaned(kinds[change.address.kind], change, change.live)
    for compared in find_compared(kinds, todo):
        yield from _compare(kinds, compared, todo.ids)
    for address, live in matched.items():
        want, kind = todo.desired[address], kinds[address.kind]
        both = Compared(kind, want, live, service(want))
        yield from map(both.difference, kind.drift_notes.further(live.spec, want))


def _find_missing(kinds: Kinds, todo: Plan, untagged: Collection[Address]) -> Iterator[Difference]:
    """Yield the resources that AWS does not have, also those that others make."""
    there = {c.address for c in todo.changes if c.replaces and not c.moved} | {*todo.ids, *untagged}
    for address, want in todo.desired.items():
        if address not in there:
            kind = kinds[address.kind]
            held = "it is for others to make" if kind.relations.awaited else ""
            severity, of = kind.severities.missing, service(want)
            yield Difference(address, Finding.MISSING, "", None, want, severity, service=of, held=held)


def _orphaned(kind: Kind[Any], change: Change, live: Live[Any]) -> Difference:
    return Difference(
        change.address,
        Finding.ORPHANED,
        "",
        live.spec,
        None,
        kind.severities.orphaned,
        service=change.service,
        outputs=live.outputs,
        id=str(live.outputs["id"]),
    )


def find_compared(kinds: Kinds, todo: Plan) -> Iterator[Compared]:
    """Yield each resource that the plan would update or replace, once, with what it is compared with."""
    names, by_key = find_names(todo), {change.key: change for change in todo.changes}
    seen = set[Address]()
    for change in todo.changes:
        old = by_key.get(change.replaces or "") if not change.moved else None
        live = old.live if old else change.live
        if change.want is None or live is None or change.address in seen or change.op is Op.DELETE:
            continue
        seen.add(change.address)
        found = with_plan_names(live, names)
        yield Compared(kinds[change.address.kind], change.want, found, change.service)


def _compare(kinds: Kinds, compared: Compared, ids: Mapping[Address, Outputs]) -> Iterator[Difference | Remark]:
    kind, want = compared.kind, compared.want
    declared = only_declared(want, compared.live.spec)
    for field in diff(want, declared, taggable=kind.tag_call is not None):
        for value in compare((field.field,), field.live, field.want):
            if words := kind.drift_notes.passing(value):
                yield Remark(str(want.address), words)
            else:
                yield compared.difference(_with_revision(value, kinds, ids))


def _with_revision(value: ValueDiff, kinds: Kinds, ids: Mapping[Address, Outputs]) -> ValueDiff:
    """Return the difference with the id of our newest revision, not its name, beside that of another one."""
    match value.live, value.want:
        case Ref(by_id=True), Ref(by_id=False) as want if kinds[want.kind].relations.revisioned:
            if own_id := ids.get(want.address, {}).get(want.attr):
                return replace(value, want=Ref(want.kind, own_id, want.attr, by_id=True))
    return value
