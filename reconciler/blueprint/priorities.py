"""Priorities of rules to which the file gives none: a rule keeps its own, and a new one gets a free one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from desired_state.priorities import choose_priorities
from desired_state.requests import Requests, find_requests
from reconciler.aws.reads import Reads
from reconciler.model.spec import Live, Spec
from reconciler.resources.listener.naming import name_listeners
from reconciler.resources.listener_rule import KIND, ListenerRule

Others = Mapping[int, Requests | None]  # the rules of a listener that the file has not, by priority
Place = tuple[Requests, int | None]  # what a rule takes, and its priority if it has one
NO_OTHERS: Mapping[str, Others] = {}


def give_priorities(reads: Reads, specs: Sequence[Spec]) -> tuple[Spec, ...]:
    """Return the specs with the priorities that their rules have, or get, where the file leaves them out.

    What AWS has is read only if it leaves one out, and the same is read again for the plan: no more calls are
    made. Raises `ReadFailed`.
    """
    rules = [spec for spec in specs if isinstance(spec, ListenerRule)]
    if not any(rule.chosen for rule in rules):
        return tuple(specs)
    seen = reads.for_specs(specs)
    live, names = [*KIND.read(seen)], name_listeners(seen)
    kept, others = _find_kept(reads, rules, live), _find_others(reads, rules, live, names)
    given = {rule.name: rule for rule in choose(rules, kept, others)}
    return tuple(given.get(spec.name, spec) if isinstance(spec, ListenerRule) else spec for spec in specs)


def choose(
    rules: Sequence[ListenerRule],
    kept: Mapping[str, int] | None = None,
    others: Mapping[str, Others] = NO_OTHERS,
) -> list[ListenerRule]:
    """Return the rules, all with a priority, given those kept, by rule, and the others of each listener.

    A rule of which another takes all requests first, as after a change by hand, moves if it can.
    """
    by_listener: defaultdict[str, list[ListenerRule]] = defaultdict(list)
    for rule in rules:
        by_listener[rule.listener.name].append(rule)
    chosen: dict[str, int] = {}
    for listener, here in by_listener.items():
        written = {rule.priority for rule in here if not rule.chosen}
        free = {name: priority for name, priority in (kept or {}).items() if priority not in written}
        wanted = {r.name: (find_requests(r), free.get(r.name) if r.chosen else r.priority) for r in here}
        hidden = {r.name for r in here if r.chosen and _is_hidden(r.name, wanted)}
        chosen |= _choose_anew(hidden, wanted, others.get(listener, {}))
    return [rule.model_copy(update={"priority": chosen[rule.name]}) for rule in rules]


def _choose_anew(hidden: Collection[str], wanted: Mapping[str, Place], others: Others) -> dict[str, int]:
    """Return all priorities, new ones for the hidden rules; but those that stay hidden anyway keep theirs."""
    chosen = choose_priorities({**wanted, **{name: (wanted[name][0], None) for name in hidden}}, others)
    places = {name: (requests, chosen[name]) for name, (requests, _) in wanted.items()}
    helped = {name for name in hidden if not _is_hidden(name, places)}
    return chosen if len(helped) == len(hidden) else _choose_anew(helped, wanted, others)


def _is_hidden(name: str, places: Mapping[str, Place]) -> bool:
    """Tell whether no request reaches a rule at its priority, as another of the rules takes them all."""
    requests, priority = places[name]
    before = (other for other, its in places.values() if priority and its and its < priority)
    return any(other.takes_all(requests) for other in before)


def _find_kept(
    reads: Reads, rules: Iterable[ListenerRule], live: Iterable[Live[ListenerRule]]
) -> dict[str, int]:
    """Return the priorities of our rules whose priority the file leaves out, by their names in the plan."""
    open_ones, kept = {rule.name for rule in rules if rule.chosen}, dict[str, int]()
    for found in sorted(live, key=lambda one: one.outputs["id"]):
        if found.owner == reads.stack.name and found.spec.name in open_ones:
            kept.setdefault(found.spec.name, found.spec.priority)
    return kept


def _find_others(
    reads: Reads,
    rules: Iterable[ListenerRule],
    live: Iterable[Live[ListenerRule]],
    names: Mapping[str, str],
) -> Mapping[str, Others]:
    """Return the rules in each listener that are not of the file: those of others, and those that leave."""
    wanted = {rule.name for rule in rules}
    found: dict[str, dict[int, Requests | None]] = {}
    for one in live:
        rule = one.spec
        if rule.name not in wanted:
            is_known = not rule.other_conditions and one.owner != reads.stack.name
            listener = names.get(rule.listener.name, rule.listener.name)
            found.setdefault(listener, {})[rule.priority] = find_requests(rule) if is_known else None
    return found
