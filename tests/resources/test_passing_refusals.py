"""What AWS refuses for a while only, or refuses as it is done already: such calls of load balancing go on."""

from collections.abc import Iterable
from typing import Any

import pytest
from balancing import balancer, listener, rule
from scripted import refused
from support import OURS, make

from reconciler.aws.errors import find_match, matches
from reconciler.model.references import Ref
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call
from reconciler.resources import KINDS
from reconciler.resources.certificate import Certificate
from reconciler.resources.dns_record import DnsRecord

CERTIFICATE = Ref("certificate", "alb-dev-https")
SECURE = listener(protocol="HTTPS", certificate=CERTIFICATE, certificates=frozenset({"arn:c"}))
NAMED = DnsRecord(name="shop.example.com", zone="Z1", target=Ref("load_balancer", "alb-dev", "dns"))


def find_call(steps: Iterable[Any], operation: str) -> Call:
    return next(step for step in steps if isinstance(step, Call) and step.operation == operation)


@pytest.mark.parametrize(
    ("want", "operation", "code", "message"),
    [
        (balancer(), "create_load_balancer", "InvalidSubnet", "no route to the internet yet"),
        (balancer(), "create_load_balancer", "InvalidConfigurationRequest", "no such security group"),
        (balancer(), "create_load_balancer", "OperationNotPermitted", "no service linked role"),
        (balancer(attributes={"a": "b"}), "modify_load_balancer_attributes", "OperationNotPermitted", "busy"),
        (SECURE, "create_listener", "DuplicateListener", "another one of ours leaves the port"),
        (SECURE, "create_listener", "CertificateNotFound", "requested by this run"),
        (SECURE, "create_listener", "UnsupportedCertificate", "issued a moment ago"),
        (SECURE, "create_listener", "LoadBalancerNotFound", "made by this run"),
        (SECURE, "add_listener_certificates", "ListenerNotFound", "made by this run"),
        (rule(), "create_rule", "ListenerNotFound", "made by this run"),
        (rule(), "create_rule", "TargetGroupNotFound", "made by this run"),
        (NAMED, "change_resource_record_sets", "InvalidChangeBatch", "that target was not found"),
    ],
)
def test_what_was_made_a_moment_ago_is_waited_for(want: Spec, operation: str, code: str, message: str):
    call = find_call(KINDS[want.kind].ensure(want, None), operation)
    assert matches(refused(code, message), call.retry)


def test_a_certificate_that_this_run_has_requested_is_waited_for_longer_than_another_one():
    create = find_call(KINDS["listener"].ensure(SECURE, None), "create_listener")
    found = find_match(refused("CertificateNotFound"), create.retry)
    assert found
    assert (found.new, found.patience) == ((CERTIFICATE,), None)


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (balancer(), "LoadBalancerNotFound"),
        (SECURE, "ListenerNotFound"),
        (rule(), "RuleNotFound"),
        (
            make(Certificate, "alb-dev-https", names=frozenset({"shop.example.com"})),
            "ResourceNotFoundException",
        ),
        (NAMED, "NoSuchHostedZone"),
    ],
)
def test_what_somebody_has_deleted_is_gone(spec: Spec, code: str):
    last = [
        step for step in KINDS[spec.kind].remove(Live(spec, {"id": "arn"}, OURS.name)) if isinstance(step, Call)
    ][-1]
    assert matches(refused(code), last.ignore)
