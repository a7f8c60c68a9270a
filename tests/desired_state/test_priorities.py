from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desired_state.priorities import PRIORITIES, choose_priorities
from desired_state.requests import Requests, find_requests
from desired_state.traffic import Route


def requests(**conditions: Any) -> Requests:
    return find_requests(Route(**conditions))


ANY, API, V2 = requests(paths=("/*",)), requests(paths=("/api/*",)), requests(paths=("/api/v2/*",))
SHOP, SHOP_API = requests(hosts=("shop.com",)), requests(hosts=("shop.com",), paths=("/api/*",))
BLUE = requests(hosts=("shop.com",), headers={"X-Env": ("blue",)})
EACH = {"any": ANY, "api": API, "v2": V2, "shop": SHOP, "shop-api": SHOP_API, "blue": BLUE}


def chosen(
    wanted: Mapping[str, int | None], others: Mapping[int, Requests | None] | None = None
) -> dict[str, int]:
    return choose_priorities({name: (EACH[name], known) for name, known in wanted.items()}, others)


def test_what_is_more_specific_comes_first():
    assert chosen(dict.fromkeys(EACH)) == {
        "blue": 1000,
        "shop-api": 2000,
        "shop": 3000,
        "v2": 4000,
        "api": 4001,
        "any": 5000,
    }


def test_what_the_load_balancer_answers_itself_comes_before_hosts_but_after_what_it_would_take():
    admin = replace(requests(paths=("/admin/*",)), answered=True)
    inner = requests(hosts=("shop.com",), paths=("/admin/help",))
    nothing = replace(ANY, answered=True)
    routes = {"shop": (SHOP, None), "admin": (admin, None), "nothing": (nothing, None), "inner": (inner, None)}
    found = choose_priorities(routes)
    assert sorted(found, key=lambda name: found[name]) == ["inner", "admin", "shop", "nothing"]


@pytest.mark.parametrize("order", [*permutations(("any", "api", "v2"))])
def test_routes_that_come_one_after_another_have_room_and_move_nobody(order: tuple[str, ...]):
    known: dict[str, int | None] = {}
    for name in order:
        before = dict(known)
        known |= chosen({**known, name: None})
        assert before.items() <= known.items()
    assert sorted(order, key=lambda name: known[name] or 0) == ["v2", "api", "any"]


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        ({"api": None}, {4000: None}, 4001),
        ({"api": None}, {4000: None, 4001: API}, 3999),  # no request would reach it behind the other
        ({"api": None, "any": 7}, {}, 6),
        ({"api": None, "any": 7}, {6: None, 5: None}, 4),
        ({"api": None, "any": 1}, {}, 4000),  # there is no room; a warning says so
        ({"api": None, "v2": 9000}, {}, 9001),
        ({"api": None, "v2": 50_000}, {}, 4000),
        ({"api": 3}, {3: None}, 3),
    ],
)
def test_a_free_place_is_found_between_what_is_narrower_and_what_is_wider(
    wanted: Mapping[str, int | None], others: Mapping[int, Requests | None], expected: int
):
    assert chosen(wanted, others)["api"] == expected


HOSTS = st.lists(st.sampled_from(("a.com", "*.com", "b.a.com", "A.com")), max_size=2, unique=True)
PATHS = st.lists(st.sampled_from(("/*", "/", "/a", "/a/*", "/a/?", "*.jpg")), max_size=2, unique=True)
HEADERS = st.dictionaries(st.sampled_from(("X", "x-y")), st.just(("1",)), max_size=1)
ROUTES = st.builds(
    lambda hosts, paths, headers, answered: replace(
        requests(hosts=tuple(hosts), paths=tuple(paths), headers=headers), answered=answered
    ),
    HOSTS,
    PATHS,
    HEADERS,
    st.booleans(),
)


@given(
    st.lists(st.tuples(ROUTES, st.none() | st.integers(1, 9)), max_size=6),
    st.dictionaries(st.integers(1, 6000), st.none() | ROUTES, max_size=3),
)
def test_each_has_a_place_of_its_own_which_it_keeps(routes: list[Any], others: dict[int, Requests | None]):
    written = [priority for _, priority in routes if priority]
    wanted = {
        number: (route, priority if written.count(priority) == 1 and priority not in others else None)
        for number, (route, priority) in enumerate(routes)
    }
    found = choose_priorities(wanted, others)
    assert found.keys() == wanted.keys()
    assert len({*found.values(), *others}) == len(found) + len(others)
    assert all(found[number] == priority for number, (_, priority) in wanted.items() if priority)
    assert all(priority in PRIORITIES for priority in found.values())
    kept = {number: (route, found[number]) for number, (route, _) in wanted.items()}
    assert choose_priorities(kept, others) == found


X_Y = {"x-y": ("1",)}


@given(st.lists(ROUTES, max_size=6))
@example([requests(hosts=hosts, headers=X_Y) for hosts in ((), ("a.com",), ("*.com",))])
def test_no_route_takes_all_requests_of_a_later_one(routes: list[Requests]):
    unlike = [*dict.fromkeys(routes)]
    found = choose_priorities({number: (route, None) for number, route in enumerate(unlike)})
    in_order = sorted(found, key=lambda number: found[number])
    for place, number in enumerate(in_order):
        for later in in_order[place + 1 :]:
            both = unlike[number].takes_all(unlike[later]), unlike[later].takes_all(unlike[number])
            assert both != (True, False)
