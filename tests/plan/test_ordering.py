from toys import Toy
from work import AT_MOST, growth

from reconciler.model.plan import Change, Op
from reconciler.model.references import Address
from reconciler.plan.ordering import order_changes


def changes(**after):
    return {
        key: Change(key, Address(Toy.kind, key), Op.DELETE, (), (), frozenset(keys), {}, "toys")
        for key, keys in after.items()
    }


def keys(found):
    return [change.key for change in found]


def test_what_is_not_among_the_changes_is_not_waited_for():
    order, circle = order_changes(changes(a=["b", "kept"], b=[]), set())
    assert (keys(order), order[1].after, circle) == (["b", "a"], {"b"}, ())


def test_a_soft_edge_gives_way_in_a_circle_and_only_there():
    order, circle = order_changes(changes(a=["b"], b=["a", "c"], c=[]), {("b", "a"), ("b", "c")})
    assert (keys(order), circle) == (["c", "b", "a"], ())
    assert {c.key: c.after for c in order} == {"a": {"b"}, "b": {"c"}, "c": frozenset()}


def test_a_circle_of_hard_edges_is_told():
    order, circle = order_changes(changes(a=["b"], b=["c"], c=["a"], d=["a"]), {("d", "a")})
    assert (len(order), sorted(keys(circle))) == (4, ["a", "b", "c"])


def test_a_soft_edge_elsewhere_in_the_circle_gives_way_too():
    order, circle = order_changes(changes(a=["b"], b=["c"], c=["a"]), {("c", "a")})
    assert (keys(order), circle) == (["c", "b", "a"], ())


def test_twice_as_many_circles_are_twice_the_work():
    def prepare(number):
        many = changes(**{f"{n}{i}": [f"{'ba'[n == 'b']}{i}"] for i in range(number) for n in "ab"})
        droppable = {(f"b{i}", f"a{i}") for i in range(number)}
        order, circle = order_changes(many, droppable)
        assert (len(order), circle) == (2 * number, ())
        return lambda: order_changes(many, droppable)

    assert growth(prepare, 50) < AT_MOST


def test_a_circle_behind_many_others_is_found_with_little_work():
    def prepare(number):
        line = {f"{i}": [f"{i + 1}"] for i in range(number)} | {f"{number}": ["a"], "a": ["b"], "b": ["a"]}
        many = changes(**line, hub=[*line])
        assert [*map(len, order_changes(many, set()))] == [number + 4, 2]
        return lambda: order_changes(many, set())

    assert growth(prepare, 50) < AT_MOST
