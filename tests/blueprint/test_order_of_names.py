"""What HTTPS and names wait for: clients are led nowhere before it answers, and away from it before it goes."""

from pathlib import Path

import pytest
from support import OURS, make

from desired_state import load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.plan import Plan
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.plan import plan
from reconciler.resources import KINDS
from reconciler.resources.certificate import Certificate
from reconciler.resources.dns_record import DnsRecord
from reconciler.resources.dns_zones import ZONES
from reconciler.resources.listener import FixedResponse, Listener
from reconciler.resources.load_balancer import LoadBalancer

HOST = "shop.example.com"
FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
FILE = f"""
platform: shop
environment: dev
suffix: dev
region: us-east-1
dns: {{zone: Z1}}
load_balancer: {{listeners: {{https: {{port: 443, certificate: auto}}, http: {{port: 80, redirect: https}}}}}}
services:
  web: {{image: {{uri: nginx}}, routes: [{{priority: 1, hosts: [{HOST}]}}]}}
"""
RECORD, CERTIFICATE = f"dns_record.{HOST}", "certificate.alb-dev-https"
RULE, BALANCER = "listener_rule.alb-dev-https-web", "load_balancer.alb-dev"


def find_earlier(todo: Plan, address: str) -> set[str]:
    """Return what a change waits for, directly or indirectly."""
    by_key = {change.key: change for change in todo.changes}
    (key,) = (change.key for change in todo.changes if str(change.address) == address)
    found, look = set[str](), [key]
    while look:
        more = by_key[look.pop()].after - found
        found |= more
        look += more
    return {str(by_key[key].address) for key in found}


@pytest.mark.parametrize(
    ("late", "early"),
    [
        (RECORD, RULE),
        (RULE, "listener.alb-dev-https"),
        ("listener.alb-dev-https", CERTIFICATE),
        ("listener.alb-dev-http", "listener.alb-dev-https"),
    ],
)
def test_clients_are_led_nowhere_before_it_answers(tmp_path: Path, late: str, early: str):
    (tmp_path / "platform.yaml").write_text(FILE)
    specs = blueprint(load(tmp_path / "platform.yaml", environ={}), FACTS)
    assert early in find_earlier(plan(KINDS, specs, [], OURS.name, specs), late)


def test_a_record_leads_to_another_load_balancer_after_the_rollout_and_a_certificate_knows_its_zone(tmp_path):
    (tmp_path / "platform.yaml").write_text(
        FILE.replace("zone: Z1", "zone: Z1, role: 'arn:aws:iam::123456789012:role/dns'")
    )
    specs = {str(spec.address): spec for spec in blueprint(load(tmp_path / "platform.yaml", environ={}), FACTS)}
    record, certificate = specs[RECORD], specs[CERTIFICATE]
    assert isinstance(record, DnsRecord)
    assert isinstance(certificate, Certificate)
    assert str(record.served_by) == "ecs_service.svc-web-dev"
    assert (certificate.zone, certificate.role) == (record.zone, record.role)


@pytest.mark.parametrize(
    ("late", "early"),
    [(BALANCER, RECORD), (BALANCER, "listener.alb-dev-https"), (CERTIFICATE, "listener.alb-dev-https")],
)
def test_what_they_are_led_to_goes_after_what_leads_there(late: str, early: str):
    balancer = make(LoadBalancer, "alb-dev", vpc="vpc-1", subnets=(), security_groups=(), attributes={})
    listener = make(
        Listener,
        "alb-dev-https",
        load_balancer="arn:lb",
        port=443,
        protocol="HTTPS",
        certificate="arn:c",
        default=FixedResponse(status=404),
    )
    certificate = make(Certificate, "alb-dev-https", names=frozenset({HOST}))
    target = Ref("load_balancer", "alb-dev-1.us-east-1.elb.amazonaws.com", "dns", by_id=True)
    lives = [
        Live(balancer, {"id": "arn:lb", "dns": target.name}, OURS.name),
        Live(listener, {"id": "arn:l"}, OURS.name),
        Live(
            certificate.model_copy(update={"tags": {**certificate.tags, ZONES: "Z1"}}),
            {"id": "arn:c"},
            OURS.name,
        ),
        Live(DnsRecord(name=HOST, zone="Z1", target=target), {"id": f"Z1/{HOST}"}, OURS.name),
    ]
    assert early in find_earlier(plan(KINDS, [], lives, OURS.name), late)
