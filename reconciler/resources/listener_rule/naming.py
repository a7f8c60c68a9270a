"""Find the name in the plan of each live rule: a rule is what it matches, whatever its tags call it.

Where a route goes to another service, its rule becomes that of the other service. It is never made anew, as its
requests would meanwhile be answered by no rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.resources.listener_rule.spec import ListenerRule


@dataclass(frozen=True)
class FoundRule:
    """A live rule, without a name in the plan."""

    arn: str
    listener: str  # the listener's name in the plan; empty if it is not ours
    priority: int
    conditions: frozenset[tuple[str, str, str]]  # as the spec has them
    own: str | None  # the name in its tags; None if it is not ours


def name_rules(rules: Iterable[FoundRule], desired: Mapping[str, ListenerRule]) -> dict[str, str]:
    """Return the names in the plan, by ARN, without those of rules that have none.

    A rule of ours becomes the desired one of its listener with its conditions, else the one that its tags name,
    else the one at its priority, if nothing else became that. A foreign rule gets the name of the one there.
    """
    found = list(rules)
    named = _by_conditions(found, desired)
    taken, ours = {*named.values()}, [rule for rule in found if rule.own is not None]
    for rule in ours:
        want = desired.get(rule.own or "")
        if rule.arn not in named and want and want.listener.name == rule.listener and want.name not in taken:
            named[rule.arn] = want.name
            taken.add(want.name)
    at = {(want.listener.name, want.priority): name for name, want in desired.items() if not want.chosen}
    for rule in found:
        here = at.get((rule.listener, rule.priority))
        if rule.arn not in named and here and (rule.own is None or here not in taken):
            named[rule.arn] = here
    left = {rule.arn: rule.own for rule in ours if rule.arn not in named and rule.own not in desired}
    return named | {arn: own for arn, own in left.items() if own}


def _by_conditions(rules: Iterable[FoundRule], desired: Mapping[str, ListenerRule]) -> dict[str, str]:
    """Return the names of our rules that match what a desired one matches; of several, its own name first."""
    wanted: dict[tuple[str, frozenset[tuple[str, str, str]]], list[str]] = {}
    for name, want in desired.items():
        wanted.setdefault((want.listener.name, want.conditions), []).append(name)
    pairs = sorted(
        (name != rule.own, desired[name].priority != rule.priority, rule.arn, name)
        for rule in rules
        if rule.own is not None
        for name in wanted.get((rule.listener, rule.conditions), ())
    )
    named, taken = dict[str, str](), set[str]()
    for _, _, arn, name in pairs:
        if arn not in named and name not in taken:
            named[arn] = name
            taken.add(name)
    return named
