"""Refused calls of ELBv2 about listeners and their certificates."""

from typing import Any

from issued import make_certificate
from makers import NOT_FOUND, client_of, forward

from refusals.balancing import (
    CERTIFICATE,
    GROUP,
    LB,
    LISTENER,
    MANY,
    STORE,
    Params,
    Stage,
    absent,
    attribute,
    certificates,
    pending,
    redirect,
)
from refusals.forwards import SIX_ACTIONS, many_groups, other_group, tcp_group, unique_groups
from refusals.probe import Probe

OPERATIONS = (
    "AddListenerCertificates",
    "CreateListener",
    "DeleteListener",
    "DescribeListenerAttributes",
    "DescribeListenerCertificates",
    "DescribeListeners",
    "DescribeSSLPolicies",
    "ModifyListener",
    "ModifyListenerAttributes",
    "RemoveListenerCertificates",
)


def fifty_listeners() -> Params:
    stage = Stage()
    for port in range(1, 51):
        stage.listener(port=port)
    return stage.new_listener(Port=100)


def full_certificates() -> Params:
    """Return the parameters of a 26th certificate, beside the default one."""
    stage = Stage()
    listener = stage.secure()
    arns = [_imported() for _ in range(26)]
    for arn in arns[:25]:
        stage.elb.add_listener_certificates(ListenerArn=listener, Certificates=certificates(arn))
    return {"ListenerArn": listener, "Certificates": certificates(arns[25])}


def _imported() -> str:
    made = client_of("acm").import_certificate(**make_certificate("shop.example"))
    return str(made["CertificateArn"])


def default_certificate() -> Params:
    stage = Stage()
    listener = stage.secure()
    (found,) = stage.elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    return {"ListenerArn": listener, "Certificates": certificates(found["CertificateArn"])}


def two_listeners() -> Params:
    stage = Stage()
    stage.listener(port=81)
    return {"ListenerArn": stage.listener(), "Port": 81}


def verify() -> Params:
    return {"Mode": "verify", "TrustStoreArn": STORE}


def _changed(*, secure: bool = False, **fields: Any) -> Params:
    stage = Stage()
    return {"ListenerArn": stage.secure() if secure else stage.listener(), **fields}


def _same_port() -> Params:
    stage = Stage()
    stage.listener(port=81)
    return stage.new_listener(DefaultActions=redirect(Protocol="HTTPS", Port="443"))


PROBES = [
    Probe("AddListenerCertificates", "ListenerNotFound", absent(ListenerArn=LISTENER, Certificates=[])),
    Probe(
        "AddListenerCertificates",
        "CertificateNotFound",
        lambda: {"ListenerArn": Stage().secure(), "Certificates": certificates(CERTIFICATE)},
    ),
    Probe("AddListenerCertificates", "TooManyCertificates", full_certificates),
    Probe("CreateListener", "DuplicateListener", _same_port),
    Probe("CreateListener", "TooManyListeners", fifty_listeners),
    Probe(
        "CreateListener",
        "LoadBalancerNotFound",
        absent(LoadBalancerArn=LB, Protocol="HTTP", Port=80, DefaultActions=NOT_FOUND),
    ),
    *(
        Probe("CreateListener", code, make)
        for code, make in (
            ("TargetGroupNotFound", lambda: Stage().new_listener(DefaultActions=forward(GROUP))),
            ("TargetGroupAssociationLimit", lambda: other_group("listener")),
            ("InvalidConfigurationRequest", lambda: Stage().new_listener(AlpnPolicy=["HTTP2Only"])),
            ("IncompatibleProtocols", lambda: tcp_group("listener")),
            ("SSLPolicyNotFound", lambda: Stage().new_secure(SslPolicy="absent")),
            ("CertificateNotFound", lambda: Stage().new_secure(Certificates=certificates(CERTIFICATE))),
            ("UnsupportedCertificate", lambda: Stage().new_secure(Certificates=certificates(pending()))),
            ("TooManyActions", lambda: Stage().new_listener(DefaultActions=SIX_ACTIONS)),
            ("InvalidLoadBalancerAction", lambda: Stage().new_listener(DefaultActions=redirect())),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups("listener")),
            ("TooManyTargetGroups", lambda: Stage().new_listener(DefaultActions=many_groups())),
            ("ALPNPolicyNotFound", lambda: Stage().new_secure(AlpnPolicy=["absent"])),
            ("TooManyTags", lambda: Stage().new_listener(Tags=MANY)),
            ("TrustStoreNotFound", lambda: Stage().new_secure(MutualAuthentication=verify())),
        )
    ),
    Probe("DeleteListener", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeListenerAttributes", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeListenerCertificates", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeListeners", "ListenerNotFound", absent(ListenerArns=[LISTENER])),
    Probe("DescribeListeners", "LoadBalancerNotFound", absent(LoadBalancerArn=LB)),
    Probe("DescribeSSLPolicies", "SSLPolicyNotFound", absent(Names=["absent"])),
    Probe("ModifyListener", "DuplicateListener", two_listeners),
    Probe("ModifyListener", "ListenerNotFound", absent(ListenerArn=LISTENER, Port=80)),
    *(
        Probe("ModifyListener", code, make)
        for code, make in (
            ("TargetGroupNotFound", lambda: _changed(DefaultActions=forward(GROUP))),
            ("TargetGroupAssociationLimit", lambda: other_group("changed")),
            ("IncompatibleProtocols", lambda: tcp_group("changed")),
            ("SSLPolicyNotFound", lambda: _changed(secure=True, SslPolicy="absent")),
            ("CertificateNotFound", lambda: _changed(secure=True, Certificates=certificates(CERTIFICATE))),
            ("UnsupportedCertificate", lambda: _changed(secure=True, Certificates=certificates(pending()))),
            ("InvalidConfigurationRequest", lambda: _changed(AlpnPolicy=["HTTP2Only"])),
            ("TooManyActions", lambda: _changed(DefaultActions=SIX_ACTIONS)),
            ("InvalidLoadBalancerAction", lambda: _changed(DefaultActions=redirect())),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups("changed")),
            ("ALPNPolicyNotFound", lambda: _changed(AlpnPolicy=["absent"])),
            ("TrustStoreNotFound", lambda: _changed(secure=True, MutualAuthentication=verify())),
        )
    ),
    Probe(
        "ModifyListenerAttributes",
        "ListenerNotFound",
        absent(ListenerArn=LISTENER, Attributes=attribute("routing.http.response.server.enabled", "false")),
    ),
    Probe(
        "ModifyListenerAttributes",
        "InvalidConfigurationRequest",
        lambda: _changed(Attributes=attribute("tcp.idle_timeout.seconds", "60")),
    ),
    Probe("RemoveListenerCertificates", "ListenerNotFound", absent(ListenerArn=LISTENER, Certificates=[])),
    Probe("RemoveListenerCertificates", "OperationNotPermitted", default_certificate),
]
