"""The list of a listener's further certificates is as the file has it, and changes without a gap."""

from typing import Any

import pytest
from balancing import balancer, id_of, listener, zones
from issued import issue_certificate
from support import calls, client, differences, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call
from reconciler.resources.listener import KIND, Listener

A, B, C = (f"arn:aws:acm:us-east-1:123456789012:certificate/{name}" for name in "abc")


def secure(*further: str, default: str = A, **fields: Any) -> Listener:
    return listener(protocol="HTTPS", certificate=default, certificates=frozenset(further), **fields)


def steps(want: Listener, has: Listener | None) -> list[str]:
    """Return the calls in short: the operation's first word, and the certificate."""
    made = calls(KIND.ensure(want, Live(has, {"id": "arn"}) if has else None))
    return [
        f"{operation.split('_')[0]} {''.join(map(_last, params.get('Certificates', ())))}"
        for operation, params in made
    ]


def _last(certificate: dict[str, Any]) -> str:
    arn = certificate["CertificateArn"]
    return str(arn.name if isinstance(arn, Ref) else arn)[-1]


@pytest.mark.parametrize(
    ("want", "has", "made"),
    [
        (secure(B, C), None, ["create a", "add b", "add c"]),
        (secure(B, C), secure(B), ["add c"]),
        (secure(), secure(B, C), ["remove b", "remove c"]),
        (secure(C, default=B), secure(B), ["add c", "modify b", "remove b"]),
        (secure(B), listener(), ["modify a", "add b"]),
        (listener(certificates=frozenset()), secure(B), ["modify "]),
        (listener(protocol="HTTPS", certificate=A), secure(B), []),
    ],
)
def test_what_is_new_comes_first_and_what_is_old_leaves_last(want, has, made):
    assert steps(want, has) == made


def test_one_that_somebody_has_taken_out_is_no_failure():
    (call,) = KIND.ensure(secure(), Live(secure(B), {"id": "arn"}))
    assert isinstance(call, Call)
    assert (call.operation, call.ignore) == ("remove_listener_certificates", ("CertificateNotFound",))


@pytest.mark.usefixtures("aws")
def test_the_list_is_put_right_where_the_file_has_it_and_left_alone_where_not():
    acm, route53 = client("acm"), client("route53")
    a, b, c = (issue_certificate(acm, route53, f"{name}.example") for name in "abc")
    front = [*zones(), balancer()]
    settle([*front, secure(b, default=a)])
    arn = {"ListenerArn": id_of(listener())}
    client("elbv2").add_listener_certificates(**arn, Certificates=[{"CertificateArn": c}])
    assert not see([*front, listener(protocol="HTTPS", certificate=a)]).changes
    mine = [*front, secure(b, default=a)]
    assert differences(see(mine)) == {"listener.alb-dev-http": ["certificates"]}
    settle(mine)
    settle([*front, secure(c, default=b)])
    told = client("elbv2").describe_listener_certificates(**arn)["Certificates"]
    assert [(one["CertificateArn"], one["IsDefault"]) for one in told] == [(b, True), (c, False)]
