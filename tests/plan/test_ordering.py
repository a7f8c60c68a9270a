import time

from toys import Toy

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


def test_many_circles_are_undone_in_time(untraced):
    many = {f"{n}{i}": [f"{'ba'[n == 'b']}{i}"] for i in range(100) for n in "ab"}
    begun = time.process_time()  # other processes are not ours to wait for
    order, circle = order_changes(changes(**many), {(f"b{i}", f"a{i}") for i in range(100)})
    assert (len(order), circle) == (200, ())
    assert time.process_time() - begun < 0.5
