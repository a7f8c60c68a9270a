"""The hosts of routes as names in DNS: all in one zone, each with a record or covered by that of a wildcard."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platform_files import HEAD

from desired_state.certificates import list_auto_doors, list_names
from desired_state.hosts import can_have_record, find_common_domain, is_covered, lies_in, list_records
from reconciler.resources.dns_record.records import host_of_mark, mark_name

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
HOSTS = st.builds(lambda star, name: f"*.{name}" if star else name, st.booleans(), NAMES)
TWO = "load_balancers: {inner: {scheme: internal, listeners: {http: {port: 80}}}}\n"


def shop(zone: str, *routes: str) -> str:
    listed = ", ".join(f"{{priority: {n}, {route}}}" for n, route in enumerate(routes, 1))
    return f"{HEAD}dns: {{zone: {zone}}}\nservices: {{web: {{routes: [{listed}]}}}}\n"


@pytest.mark.parametrize("host", ["shop.example.com", "*.example.com", "example.com", "Shop.Example.com"])
def test_a_host_in_the_zone_gets_a_record(files, host):
    assert list(list_records(files.load(shop("example.com", f"hosts: ['{host}']")))) == [host.lower()]


@pytest.mark.parametrize(
    ("zone", "host", "told"),
    [
        ("example.com", "shop.example.org", "shop.example.org is not in the zone example.com"),
        ("example.com", "myexample.com", "myexample.com is not in the zone example.com"),
        ("shop.example.com", "example.com", "example.com is not in the zone shop.example.com"),
        ("example.com", "a*.example.com", "no record can be for a*.example.com"),
        ("Z0123456789", "shop.*.com", "no record can be for shop.*.com"),
    ],
)
def test_a_host_that_can_have_no_record_in_the_zone_is_told_with_its_line(files, zone, host, told):
    (line,) = files.mistakes(shop(zone, f"hosts: ['{host}']"))
    assert line.startswith("platform.yaml:5:")
    assert told in line


def test_a_host_with_other_wildcards_may_be_covered_by_another(files):
    found = files.load(shop("example.com", "hosts: ['a*.example.com', '*.example.com']"))
    assert list(list_records(found)) == ["*.example.com"]


def test_a_certificate_is_for_the_names_of_its_own_listener_and_for_no_other_patterns(files):
    listeners = "{https: {port: 443, certificate: auto}, api: {port: 8443, certificate: auto}}"
    routes = (
        "hosts: ['a*.example.com', '*.example.com'], listener: https",
        "hosts: [API.example.com], listener: api",
    )
    found = files.load(f"load_balancer: {{listeners: {listeners}}}\n" + shop("example.com", *routes))
    named = {door.listener: list_names(found, door) for door in list_auto_doors(found)}
    assert named == {"https": {"*.example.com"}, "api": {"api.example.com"}}


def test_a_host_leads_to_one_load_balancer(files):
    routes = ("hosts: [a.example.com]", "hosts: [A.example.com], load_balancer: inner")
    (line,) = files.mistakes(TWO + shop("example.com", *routes))
    assert "a.example.com would lead to load_balancer and to load_balancers.inner" in line


def test_a_host_is_the_same_in_capitals(files):
    (line,) = files.mistakes(shop("example.com", "hosts: [a.example.com]", "hosts: [A.example.com]"))
    assert "takes the same requests as services.web.routes[0]" in line


def test_without_a_zone_a_host_may_be_anything(files):
    assert not files.mistakes(f"{HEAD}services: {{web: {{routes: [{{priority: 1, hosts: ['a?.b*.org']}}]}}}}\n")


@given(HOSTS)
def test_each_host_has_a_mark_of_its_own(host: str):
    assert can_have_record(host)
    assert host_of_mark(mark_name(host)) == host


@given(HOSTS, NAMES)
def test_a_host_lies_in_each_domain_above_it(host: str, name: str):
    bare = host.removeprefix("*.")
    labels = bare.split(".")
    assert all(lies_in(host, ".".join(labels[n:])) for n in range(len(labels)))
    assert lies_in(f"{name}.{bare}", bare)
    assert not lies_in(bare, f"x.{bare}")
    assert is_covered(f"a*.{bare}", [f"*.{bare}"])


@given(st.lists(HOSTS, min_size=1, max_size=4))
def test_all_hosts_lie_in_their_common_domain(hosts: list[str]):
    platform: Any = SimpleNamespace(
        dns=True, services={"web": SimpleNamespace(routes=[SimpleNamespace(hosts=hosts)])}
    )
    common = find_common_domain(platform)
    assert common == "example.com" or all(lies_in(host, common) for host in hosts)
