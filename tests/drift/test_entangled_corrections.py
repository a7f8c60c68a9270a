"""What may be corrected, but is one value with what is held, is held with it."""

from toys import KINDS, Shelf, Toy, make

from reconciler.drift.correction_plan import ENTANGLED, decide
from reconciler.drift.correction_rules import Rules
from reconciler.drift.differences import find_differences, match
from reconciler.model.drift import Difference
from reconciler.model.references import Json


class Album(Toy):
    """A toy with a document, which is one value in AWS."""

    papers: Json = Json({})


def test_what_is_entangled_is_held_even_if_another_field_of_its_resource_is_put_right():
    shelf = Shelf()
    want = make(Album, "ball", size=1, papers=Json({"pages": [1, 3, 4]}))
    shelf.put(want.model_copy(update={"size": 2, "papers": Json({"pages": [1, 2]})}))
    todo = shelf.plan(want)
    differences = find_differences(KINDS, todo, match(todo, shelf.things.values()))
    found = [d for d in differences if isinstance(d, Difference)]
    removed = next(d.key for d in found if d.live == 2 and d.path.startswith("papers"))
    rules = Rules(delete=True, replace=True, restart=True, hold=lambda d: "held" if d.key == removed else "")
    decision = decide(KINDS, rules, todo, found, lambda specs: shelf.plan(*specs))
    entangled = {d.key for d in found if d.path.startswith("papers")} - {removed}
    assert entangled
    assert {d.key for done in decision.corrected.values() for d in done} == {"toy.ball.size"}
    assert {key: decision.held[key].words for key in entangled} == dict.fromkeys(entangled, ENTANGLED)
