import pytest
from work import AT_MOST, growth

from desired_state.warnings import find_warnings
from desired_state.warnings.unreachable import find_unreachable_routes

HEAD = "platform: shop\nenvironment: dev\nregion: us-east-1\n"
LISTENERS = "load_balancer: {listeners: {a: {port: 80}, b: {port: 81}}}\n"


def unreachable(files, *routes: str) -> list[int]:
    """Return the numbers of the routes, counted from 1, that no request reaches."""
    services = "".join(f"  s{n}: {{routes: [{{{route}}}]}}\n" for n, route in enumerate(routes, 1))
    found = find_warnings(files.load(f"{HEAD}{LISTENERS}services:\n{services}"))
    return [int(str(warning.where[1])[1:]) for warning in found]


def test_a_route_behind_one_that_takes_everything_is_told_with_both(files):
    text = f'{HEAD}services:\n  web: {{routes: [{{priority: 2, paths: ["/*"]}}]}}\n'
    more = "  api: {routes: [{priority: 3, paths: [/a, /b/*]}]}\n"
    ((where, told),) = find_warnings(files.load(text + more))
    assert where == ("services", "api", "routes", 0)
    assert told == (
        "no request reaches services.api.routes[0]: services.web.routes[0] (priority 2) takes them all; "
        "give it a priority below 2"
    )


HTTPS = 'load_balancer: {listeners: {https: {port: 443, certificate: "arn:aws:acm:us-east-1:1234"}}}'
LOG_IN = "auth: {cognito: {user_pool: POOL, client_id: x, domain: shop}}".replace(
    "POOL", '"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"'
)


@pytest.mark.parametrize("guarded", [True, False])
def test_only_a_log_in_that_is_passed_by_is_more_than_a_warning(files, guarded):
    https = HTTPS.replace("1234", "123456789012:certificate/ab12")
    taker = f", {LOG_IN}" if guarded else ""
    routes = f'[{{priority: 1, paths: ["/*"]{taker}}}, {{priority: 2, paths: [/admin], {LOG_IN}}}]'
    platform = files.load(f"{HEAD}{https}\nservices: {{web: {{routes: {routes}}}}}\n")
    (found,) = find_unreachable_routes(platform)
    assert found.passes_log_in is not guarded
    assert ("asks for no log-in" in found.why) is not guarded
    assert len([*find_warnings(platform)]) == guarded


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        (["priority: 1, paths: [/api/*]", "priority: 2, paths: [/api/v1]"], [2]),
        (["priority: 2, paths: [/api/*]", "priority: 1, paths: [/api/v1]"], []),
        (["priority: 1, paths: [/api/*]", "priority: 2, paths: [/api/v1], listener: b"], []),
        (["priority: 1, paths: [/API]", "priority: 2, paths: [/api]"], []),
        (["priority: 1, hosts: [A.com]", "priority: 2, hosts: [a.COM], paths: [/x]"], [2]),
        (["priority: 1, hosts: ['*.com']", "priority: 2, hosts: [a.com, b.org]"], []),
        (["priority: 1, hosts: [a.com], paths: ['/*']", "priority: 2, paths: [/x]"], []),
        (["priority: 1, paths: ['/*']", "priority: 2, paths: ['*.jpg', '*']"], [2]),
        (["priority: 1, paths: ['/*']", "priority: 2, paths: ['*/x']"], [2]),
        (["priority: 1, paths: ['/*.jpg', /b]", "priority: 2, paths: ['*.jpg']"], [2]),
        (["priority: 1, paths: [/a]", "priority: 2, paths: [/b]", "priority: 3, paths: [/b, /a]"], [3]),
        (["priority: 1, paths: [/a]", "priority: 2, paths: [/b]", "priority: 3, paths: [/b, /a, /c]"], []),
        (["priority: 1, paths: ['/?']", "priority: 2, paths: [/a]", "priority: 3, paths: ['/*']"], [2]),
        (["priority: 1, paths: ['?', /b]", "priority: 2, paths: [/]"], [2]),
        (["priority: 1, paths: ['/*']", "paths: [/x]"], [2]),
        (["paths: ['/*']", "paths: [/x]", "paths: [/x/*, /x/y]"], []),
        (["priority: 1, methods: [get, PUT]", "priority: 2, paths: [/x], methods: [GET]"], [2]),
        (["priority: 1, methods: [GET]", "priority: 2, paths: [/x]"], []),
        (["priority: 1, headers: {x: 'B*'}", "priority: 2, headers: {X: [ba, bc], y: z}"], [2]),
        (["priority: 1, headers: {x: 'B*'}", "priority: 2, headers: {X: [ba, c]}"], []),
        (["priority: 1, headers: {x: a, y: b}", "priority: 2, headers: {X: a}"], []),
        (["priority: 1, query: {'*': '1'}", "priority: 2, query: {v: 1}"], [2]),
        (["priority: 1, query: {v: '1'}", "priority: 2, query: {'*': 1}"], []),
        ([r"priority: 1, query: {v: '\*'}", "priority: 2, query: {v: a}"], []),
        (["priority: 1, source: [10.0.0.0/8]", "priority: 2, source: [10.1.0.0/16, 10.2.0.0/16]"], [2]),
        (["priority: 1, source: [10.0.0.0/8, '::/0']", "priority: 2, source: [0.0.0.0/0]"], []),
        (["priority: 1, source: ['::/0']", "priority: 2, source: [10.0.0.0/8]"], []),
    ],
)
def test_only_what_certainly_gets_no_request_is_told(files, routes, expected):
    assert unreachable(files, *routes) == expected


def test_several_that_take_all_together_are_all_named(files):
    routes = ["priority: 1, paths: [/a]", "priority: 2, paths: [/b]", "priority: 3, paths: [/b, /a]"]
    services = "".join(f"  s{n}: {{routes: [{{{route}}}]}}\n" for n, route in enumerate(routes, 1))
    (warning,) = find_warnings(files.load(f"{HEAD}services:\n{services}"))
    assert (
        "services.s1.routes[0] (priority 1) and services.s2.routes[0] (priority 2) take them all"
        in warning.message
    )
    assert warning.message.endswith("give services.s1.routes[0] a higher one than 3")


def test_more_routes_than_aws_allows_are_little_more_work(files, monkeypatch):
    monkeypatch.setattr("desired_state.claims.MOST_ROUTES", 50)

    def prepare(number):
        routes = "".join(f"      - {{priority: {n}, paths: [/{n}/*]}}\n" for n in range(1, number + 1))
        platform = files.load(f"{HEAD}services:\n  web:\n    routes:\n{routes}")
        assert not [*find_unreachable_routes(platform)]
        return lambda: [*find_unreachable_routes(platform)]

    assert growth(prepare, 50) < AT_MOST
