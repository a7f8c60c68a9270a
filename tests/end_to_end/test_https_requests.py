"""No request is lost while a platform that runs gets HTTPS and names, other hosts, or another certificate."""

from collections.abc import Iterator

import pytest
from crash.cloud import cloud, run
from crash.named_requests import reached
from crash.scenarios import BRISK, SETTLED, describe_failure
from issued import request_certificate
from support import client
from test_https_names import certificates, platform, upsert_validation

from desired_state import Platform
from reconciler.plan.safety import Consent, objections
from reconciler.resources import KINDS
from reconciler.sandbox import Clock

SHOP = "shop.example.com"
PLAIN = {"load_balancer": {"listeners": {"http": {"port": 80}}}, "dns": None}


@pytest.fixture
def clock() -> Iterator[Clock]:
    with cloud(BRISK) as clock:
        yield clock


def begin(wanted: Platform, clock: Clock) -> None:
    assert not describe_failure(run(wanted, clock))
    clock.advance(SETTLED)


def end(wanted: Platform, clock: Clock) -> None:
    ended = run(wanted, clock)
    assert not describe_failure(ended)
    clock.advance(SETTLED)
    assert run(wanted, clock).todo.changes == ()


def test_a_platform_that_runs_gets_https_and_a_name(clock: Clock):
    routes = [{"priority": 1, "paths": ["/*"]}]
    begin(platform(services={"web": {"routes": routes}}, **PLAIN), clock)
    with reached(f"http://{SHOP}/"):
        end(platform(SHOP), clock)
    with reached(f"https://{SHOP}/"):
        pass


def test_its_hosts_change(clock: Clock):
    begin(platform(SHOP, "old.example.com"), clock)
    with reached(f"http://{SHOP}/", f"https://{SHOP}/"):
        end(platform(SHOP, "new.example.com"), clock)
    with reached("https://new.example.com/"):
        pass


def test_another_certificate_needs_no_consent(clock: Clock):
    begin(platform(SHOP, "old.example.com"), clock)
    with reached(f"https://{SHOP}/"):
        ended = run(platform(SHOP, "new.example.com", "third.example.com"), clock)
    assert not describe_failure(ended)
    replaced = [change for change in ended.todo.changes if change.replaces]
    assert [str(change.address) for change in replaced] == ["certificate.alb-crash-https"]
    found = objections(KINDS, ended.todo, Consent(yes=True), asks=False)
    assert not [line for line in found if "certificate" in line]


def test_one_that_a_person_gave_becomes_one_that_is_requested(clock: Clock):
    arn = request_certificate(client("acm"), "*.example.com")
    clock.advance(SETTLED)
    upsert_validation(arn)
    assert certificates()  # ACM looks
    clock.advance(SETTLED)
    begin(platform(SHOP, certificate=arn), clock)
    with reached(f"https://{SHOP}/"):
        end(platform(SHOP), clock)
    assert {one["CertificateArn"] for one in certificates()} > {arn}
