"""Live values that are carried into a write, in all the forms that values have."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, ClassVar

import pytest
from toys import KINDS

from reconciler.drift.correction_values import carry
from reconciler.drift.differences import Compared
from reconciler.model.references import Json, Ref
from reconciler.model.spec import DECLARED, EACH, Live, Part, Spec


class Wheel(Part):
    """A part with a field that may be left open."""

    spokes: int = 0
    rim: str | None = None


class Cart(Spec):
    """A resource with values of each form."""

    kind: ClassVar[str] = "toy"
    options: Annotated[Mapping[str, str], DECLARED] = {}
    wheels: Annotated[Mapping[str, Wheel], EACH] = {}
    front: Wheel = Wheel()
    loads: frozenset[str] = frozenset()
    owner: Ref | None = None
    papers: Json = Json({})


def carried(want: Cart, live: Cart, *allowed: str, ids: Any = None) -> tuple[Any, Collection[str]]:
    compared = Compared(KINDS["toy"], want, Live(live, {"id": "1"}), None)
    return carry(compared, {f"toy.cart.{key}" for key in allowed}, ids or {})


def cart(**fields: Any) -> Cart:
    return Cart(name="cart", **fields)


@pytest.mark.parametrize(
    ("want", "live", "allowed", "then"),
    [
        (  # other keys that the file does not declare are not sent
            {"options": {"a": "1", "b": "1"}},
            {"options": {"a": "2", "b": "2", "c": "2"}},
            "options.a",
            {"options": {"a": "1", "b": "2"}},
        ),
        (
            {"options": {"a": "1", "b": "1"}},
            {"options": {"a": "2"}},
            "options.a",
            {"options": {"a": "1"}},
        ),
        (
            {"front": Wheel(spokes=1, rim="x")},
            {"front": Wheel(spokes=2, rim="y")},
            "front.rim",
            {"front": Wheel(spokes=2, rim="x")},
        ),
        (
            {"wheels": {"l": Wheel(spokes=1)}},
            {"wheels": {"l": Wheel(spokes=2), "r": Wheel(spokes=2)}},
            "wheels.l.spokes",
            {"wheels": {"l": Wheel(spokes=1), "r": Wheel(spokes=2)}},
        ),
        (
            {"loads": frozenset("ab")},
            {"loads": frozenset("bcd")},
            "loads.c",
            {"loads": frozenset("bd")},
        ),
    ],
)
def test_the_neighbours_of_what_is_put_right_keep_their_live_values(
    want: dict[str, Any], live: dict[str, Any], allowed: str, then: dict[str, Any]
):
    found, entangled = carried(cart(**want), cart(**live), allowed)
    assert {name: getattr(found, name) for name in then} == then
    assert not entangled


def test_what_is_written_as_a_whole_is_not_put_right_in_part():
    want, live = cart(papers=Json({"a": 1, "b": 1}), front=Wheel(spokes=1)), cart(papers=Json({"a": 2, "b": 2}))
    found, entangled = carried(want, live, "papers.a", "front.spokes")
    assert found.papers == live.papers
    assert found.front == want.front
    assert entangled == {"toy.cart.papers.a"}


def test_what_nothing_is_held_of_is_as_the_file_says():
    want, live = cart(papers=Json({"a": 1}), loads=frozenset("a")), cart(papers=Json({"a": 2}))
    assert carried(want, live, "papers.a", "loads.a") == (want, frozenset())


def test_a_resource_that_no_desired_spec_names_goes_by_its_id():
    orphan, own = Ref("toy", "orphan"), Ref("toy", "toy-007", by_id=True)
    found, _ = carried(cart(owner=Ref("toy", "hub")), cart(owner=orphan), ids={orphan: own})
    assert found.owner == own
