"""Corrections of toys: only what is not held is changed, and afterwards only what is held differs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import KINDS, Recipe, Shelf, Slot, act, make, toy

from desired_state.windows import parse_window
from reconciler.drift.correction_plan import NO_WRITE, Decision, decide
from reconciler.drift.correction_rules import OF_THE_JOB, Rules
from reconciler.drift.differences import find_differences, match
from reconciler.model.correction import Reason
from reconciler.model.drift import Difference, Severity, Status
from reconciler.model.plan import Plan
from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.model.tags import SERVICE
from reconciler.resources.drifting import Correcting
from reconciler.resources.kind import Relations

ALL = Rules(delete=True, replace=True, restart=True)
TOYS = ("a", "b", "c")
SUNDAY = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """What is wished for, and what is there."""

    shelf: Shelf
    desired: tuple[Spec, ...]
    kinds: Any = None

    def differences(self) -> tuple[Plan, list[Difference]]:
        todo = self.shelf.plan(*self.desired)
        found = find_differences(self.kinds or KINDS, todo, match(todo, self.shelf.things.values()))
        return todo, [d for d in found if isinstance(d, Difference)]

    def decide(
        self, rules: Rules = ALL, change: Callable[[Difference], Difference] = lambda d: d
    ) -> tuple[Decision, list[Difference]]:
        todo, found = self.differences()
        found = [change(d) for d in found]

        def replan(specs: Iterable[Spec]) -> Plan:
            return self.shelf.plan(*specs)

        return decide(self.kinds or KINDS, rules, todo, found, replan), found

    def keys(self) -> set[str]:
        return {d.key for d in self.differences()[1]}


def holding(*keys: str, rules: Rules = ALL) -> Rules:
    return replace(rules, hold=lambda d: "held" if d.key in keys else "")


def corrected(decision: Decision) -> set[str]:
    return {d.key for differences in decision.corrected.values() for d in differences}


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """Draw toys of which some differ, lack, link to others or are of nobody's wish."""
    shelf, ids = Shelf(), dict[str, str]()
    desired = []
    for number, name in enumerate(TOYS):
        before = [Ref("toy", other) for other in TOYS[:number]]
        wanted = frozenset(draw(st.sets(st.sampled_from(before)))) if before else frozenset()
        want = toy(name, size=1, links=wanted)
        want = want.model_copy(update={"tags": {**want.tags, "team": "shop", "cost": "1"}})
        desired.append(want)
        if draw(st.booleans()):
            old = draw(st.sampled_from(sorted({*ids}))) if ids else ""
            links = {Ref("toy", ids[ref.name], by_id=True) for ref in wanted if ref.name in ids}
            links |= {Ref("toy", ids[old], by_id=True)} if old and draw(st.booleans()) else set()
            tags = want.tags | draw(st.dictionaries(st.sampled_from(("team", "cost")), st.just("other")))
            color, size = draw(st.sampled_from(("red", "red", "blue"))), draw(st.sampled_from((1, 2)))
            made = {"links": frozenset(links), "tags": tags, "color": color, "size": size}
            ids[name] = shelf.put(want.model_copy(update=made))
        if draw(st.booleans()):
            ids[f"old-{name}"] = shelf.put(toy(f"old-{name}"))
    return Shop(shelf, tuple(desired))


@settings(max_examples=150, deadline=None)
@given(shops(), st.data())
def test_only_what_is_not_held_is_changed_and_only_what_is_held_is_left(shop: Shop, data: st.DataObject):
    keys = sorted(shop.keys())
    chosen = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    decision, found = shop.decide(holding(*chosen))
    assert chosen <= decision.held.keys()
    assert corrected(decision) | decision.held.keys() == {d.key for d in found}
    assert not corrected(decision) & decision.held.keys()
    before = {live.key: live for live in shop.shelf.things.values()}
    outcome = act(shop.shelf, decision.plan)
    assert [*outcome.done] == [change.key for change in decision.plan.changes] or not outcome.failed
    assert shop.keys() == {*decision.held}
    gone = before.keys() - {live.key for live in shop.shelf.things.values()}
    deleted = {change.key for change in decision.plan.changes if change.want is None}
    assert gone == deleted


def test_a_held_tag_keeps_its_live_value_while_another_is_put_right():
    shelf = Shelf()
    want = toy("ball").model_copy(update={"tags": {**toy("ball").tags, "team": "shop", "cost": "1"}})
    shelf.put(want.model_copy(update={"tags": {**want.tags, "team": "other", "cost": "2"}}))
    shop = Shop(shelf, (want,))
    decision, _ = shop.decide(holding("toy.ball.tags.team"))
    act(shelf, decision.plan)
    (live,) = shelf.things.values()
    assert (live.spec.tags["team"], live.spec.tags["cost"]) == ("other", "1")


@pytest.mark.parametrize("status", [Status.IGNORED, Status.NOT_APPLIED])
def test_what_is_ignored_keeps_its_live_value_in_a_write_of_its_neighbour(status: Status):
    shelf = Shelf()
    shelf.put(toy("ball", size=5, seen=3))
    shop = Shop(shelf, (toy("ball", size=1, seen=4),))
    decision, _ = shop.decide(ALL, lambda d: replace(d, status=status) if d.path == "size" else d)
    act(shelf, decision.plan)
    (live,) = shelf.things.values()
    assert (live.spec.size, live.spec.seen) == (5, 4)


def test_nothing_is_deleted_or_replaced_without_consent():
    shelf = Shelf()
    shelf.put(toy("old"))
    shelf.put(toy("ball", color="blue", size=2))
    shop = Shop(shelf, (toy("ball"), toy("new")))
    decision, _ = shop.decide(Rules())
    assert {str(c.address): c.op.value for c in decision.plan.changes} == {
        "toy.ball": "update",
        "toy.new": "create",
    }
    assert {key: hold.words for key, hold in decision.held.items()} == {
        "toy.old#toy-001": "it would be deleted: allow it with --allow-delete",
        "toy.ball.color": "it would be replaced: allow it with --allow-replace",
    }
    assert {hold.reason for hold in decision.held.values()} == {Reason.CONSENT}


def test_an_orphan_that_is_still_in_use_is_not_deleted():
    shelf = Shelf()
    old = shelf.put(toy("old"))
    shelf.put(toy("hub", links=frozenset({Ref("toy", old, by_id=True)})))
    decision, _ = Shop(shelf, (toy("hub"),)).decide(holding("toy.hub.links.old"))
    assert not decision.plan.changes
    assert decision.held["toy.old#toy-001"].words == "what is left as it is still uses it"


def test_what_depends_on_something_that_is_not_made_waits_for_it():
    shop = Shop(Shelf(), (toy("hub"), toy("rim", hub=Ref("toy", "hub"))))
    decision, _ = shop.decide(holding("toy.hub"))
    assert not decision.plan.changes
    assert decision.held["toy.rim"].words.startswith("it waits for toy.hub: ")


def test_what_goes_by_itself_needs_no_consent_and_no_lack_of_protection(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(KINDS, "toy", replace(KINDS["toy"], remove=lambda _live: iter(())))
    shelf = Shelf()
    old = toy("old")
    shelf.put(old.model_copy(update={"tags": {**old.tags, "ecs-reconciler:protect": "true"}}))
    decision, _ = Shop(shelf, ()).decide(Rules())
    assert [change.key for change in decision.plan.changes] == ["toy.old#toy-001"]
    assert not decision.held


def test_what_is_protected_is_not_deleted_by_any_consent():
    shelf = Shelf()
    guarded = toy("old")
    shelf.put(guarded.model_copy(update={"tags": {**guarded.tags, "ecs-reconciler:protect": "true"}}))
    decision, _ = Shop(shelf, ()).decide()
    assert [hold.words for hold in decision.held.values()] == ["it is protected"]


def test_what_aws_would_not_delete_is_not_tried(monkeypatch: pytest.MonkeyPatch):
    relate(monkeypatch, "toy", Relations(protected=lambda _live: "it has a lock"))
    shelf = Shelf()
    shelf.put(toy("old"))
    decision, _ = Shop(shelf, ()).decide()
    assert [hold.words for hold in decision.held.values()] == ["AWS would refuse to delete it: it has a lock"]


def relate(monkeypatch: pytest.MonkeyPatch, kind: str, relations: Relations[Any]) -> None:
    monkeypatch.setitem(KINDS, kind, replace(KINDS[kind], relations=relations))


def test_an_interruption_needs_the_consent_to_replace(monkeypatch: pytest.MonkeyPatch):
    relate(monkeypatch, "toy", Relations(interrupts=lambda _want, _live: "games wait"))
    shelf = Shelf()
    shelf.put(toy("ball", size=1))
    shop = Shop(shelf, (toy("ball", size=2),))
    held = shop.decide(replace(ALL, replace=False))[0].held
    assert held["toy.ball.size"].words == "games wait: allow it with --allow-replace"
    assert shop.decide()[0].plan.changes


def test_a_move_needs_the_consents_to_replace_and_to_delete(monkeypatch: pytest.MonkeyPatch):
    relate(monkeypatch, "toy", Relations(moved=lambda live, want: live.size == want.size))
    shelf = Shelf()
    old = toy("old", service="web")
    shelf.put(old.model_copy(update={"tags": old.tags | {SERVICE: "web"}}))
    shop = Shop(shelf, (toy("new", service="web"),))
    assert shop.decide()[0].plan.changes
    for rules in (replace(ALL, replace=False), replace(ALL, delete=False)):
        decision, _ = shop.decide(rules)
        assert not decision.plan.changes
        assert decision.held.keys() == {"toy.new", "toy.old#toy-001"}


def test_what_starts_tasks_anew_needs_the_consent_to_restart():
    shelf = Shelf()
    shelf.put(make(Recipe, "soup", text="old").model_copy(update={"tags": {}}))
    shelf.put(toy("ball", size=1, seen=1))
    kinds = KINDS | {"toy": replace(KINDS["toy"], correcting=Correcting(frozenset({"size"})))}
    shop = Shop(shelf, (make(Recipe, "soup", text="new"), toy("ball", size=2, seen=2)), kinds)
    decision, found = shop.decide(replace(ALL, restart=False))
    held = dict.fromkeys(
        ("recipe.soup.text", "toy.ball.size"), "tasks would be started anew: allow it with --allow-restart"
    )
    assert {key: hold.words for key, hold in decision.held.items()} == held
    assert corrected(shop.decide()[0]) == {d.key for d in found}


def test_fields_that_the_file_leaves_open_are_put_right_together():
    restored = {
        "size": lambda want, live: want.model_copy(update={"size": live + 1}),
        "seen": lambda want, live: want.model_copy(update={"seen": live + 2}),
    }
    kinds = KINDS | {"toy": replace(KINDS["toy"], correcting=Correcting[Any](restored=restored))}
    shelf = Shelf()
    shelf.put(toy("ball", size=5, seen=5))
    decision, _ = Shop(shelf, (toy("ball", size=1, seen=1),), kinds).decide()
    act(shelf, decision.plan)
    (live,) = shelf.things.values()
    assert (live.spec.size, live.spec.seen) == (6, 7)


def test_the_job_that_corrects_does_not_change_what_it_runs_by():
    shelf = Shelf()
    shelf.put(toy("role", size=2))
    shop = Shop(shelf, (toy("role", of_the_job=True), toy("group", of_the_job=True)))
    decision, _ = shop.decide()
    assert not decision.plan.changes
    assert {hold.words for hold in decision.held.values()} == {OF_THE_JOB}


@pytest.mark.parametrize(
    ("rules", "done"),
    [
        (replace(ALL, correct="none"), set()),
        (replace(ALL, correct="security"), {"toy.ball.size"}),
        (replace(ALL, only=frozenset({Severity.TAGS})), {"toy.ball.tags.team"}),
        (replace(ALL, windows=[parse_window("Mon 08:00-09:00 UTC")], date=lambda: SUNDAY), {"toy.ball.size"}),
        (ALL, {"toy.ball.size", "toy.ball.tags.team"}),
    ],
)
def test_the_file_and_the_command_line_narrow_it(rules: Rules, done: set[str]):
    shelf = Shelf()
    want = toy("ball").model_copy(update={"tags": {**toy("ball").tags, "team": "shop"}})
    shelf.put(want.model_copy(update={"size": 2, "tags": {**want.tags, "team": "other"}}))
    severe = {"toy.ball.size": Severity.SECURITY}
    decision, _ = Shop(shelf, (want,)).decide(
        rules, lambda d: replace(d, severity=severe.get(d.key, d.severity))
    )
    assert corrected(decision) == done


def test_what_a_conflict_is_about_is_left_alone():
    shelf = Shelf()
    shelf.put(toy("ball", size=2))
    decision, _ = Shop(shelf, (toy("ball"),)).decide(ALL, lambda d: replace(d, held="taken"))
    assert not decision.plan.changes
    assert decision.held["toy.ball.size"].words == "taken"


def test_what_no_write_changes_is_not_said_to_be_put_right():
    shelf = Shelf()
    shelf.put(toy("ball", size=2, seen=2))
    decision, _ = Shop(shelf, (toy("ball", size=1, seen=1),)).decide(
        # a plan does not compare what comes before it
        ALL,
        lambda d: replace(d, path="after", where=("after",)) if d.path == "seen" else d,
    )
    assert corrected(decision) == {"toy.ball.size"}
    assert decision.held["toy.ball.after"].words == NO_WRITE


def test_what_aws_is_busy_with_is_left_alone_and_so_is_what_hangs_on_it():
    busy = Correcting[Any](under_way=lambda live: "a rollout is under way" if live.size == 2 else "")
    kinds = KINDS | {"toy": replace(KINDS["toy"], correcting=busy)}
    shelf = Shelf()
    hub = shelf.put(toy("hub", size=2))
    shelf.put(toy("rim", size=3, hub=Ref("toy", hub, by_id=True)))
    shelf.put(toy("ball", size=3))
    desired = (toy("hub"), toy("rim", hub=Ref("toy", "hub")), toy("ball"))
    decision, _ = Shop(shelf, desired, kinds).decide()
    assert corrected(decision) == {"toy.ball.size"}
    assert decision.held["toy.rim.size"].words == "toy.hub: a rollout is under way"


def test_what_lost_its_tags_holds_what_refers_to_it_and_nothing_else():
    shelf = Shelf()
    hub = shelf.put(toy("hub").model_copy(update={"tags": {}}), owner=None)
    shelf.put(toy("ship", size=2, links=frozenset({Ref("toy", hub, by_id=True)})))
    shelf.put(toy("boat", size=2))
    shelf.put(make(Slot, "berth", on=Ref("toy", hub, by_id=True)))
    on_hub = Ref("toy", "hub")
    wanted = (
        toy("hub"),
        toy("ship", links=frozenset({on_hub})),
        toy("boat"),
        toy("skiff", links=frozenset({on_hub})),
    )
    decision, _ = Shop(shelf, (*wanted, make(Slot, "berth", on=on_hub))).decide()
    assert {change.key for change in decision.plan.changes} == {"toy.boat"}
    assert decision.held["toy.skiff"].words == "it refers to toy.hub, which is not corrected"
    assert decision.held.keys() >= {"toy.hub.tags.ecs-reconciler:stack", "toy.ship.size", "toy.skiff"}
