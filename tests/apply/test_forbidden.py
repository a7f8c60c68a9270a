"""Changes that may not begin: each is asked before its first step, and never again."""

from toys import act

from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Call


class Made:
    """An AWS that does what it is asked, and remembers it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def attempt(self, step: Call, *_: object) -> dict[str, str]:
        self.calls.append(step.operation)
        return {}


def change(name: str, *calls: str, after: tuple[str, ...] = ()) -> Change:
    steps = tuple(Call("toys", call, {}) for call in calls)
    before = frozenset(f"toy.{other}" for other in after)
    return Change(f"toy.{name}", Address("toy", name), Op.DELETE, (), steps, before, {})


def test_a_change_that_may_not_begin_is_held_and_what_depends_on_it_waits():
    aws, plan = Made(), Plan((change("a", "do_a"), change("b", "do_b"), change("c", "do_c", after=("a",))), {})
    outcome = act(aws, plan, forbids=lambda c: "the window is closed" if c.address.name == "a" else "")
    assert aws.calls == ["do_b"]
    assert {key: held.why for key, held in outcome.held.items()} == {
        "toy.a": "the window is closed",
        "toy.c": "waits for toy.a",
    }


def test_what_is_begun_is_finished_when_the_window_closes():
    aws, plan = Made(), Plan((change("a", "one", "two", "three"), change("b", "other", after=("a",))), {})
    outcome = act(aws, plan, forbids=lambda _change: "closed" if aws.calls else "")
    assert aws.calls == ["one", "two", "three"]
    assert outcome.done == ["toy.a"]
    assert [*outcome.held] == ["toy.b"]


def test_each_change_is_asked_once():
    asked, plan = list[str](), Plan((change("a", "one", "two"), change("b", "three")), {})

    def forbids(asking: Change) -> str:
        asked.append(asking.key)
        return ""

    act(Made(), plan, forbids=forbids)
    assert sorted(asked) == ["toy.a", "toy.b"]
