"""The list of a listener's further certificates, which are for other names than the default one's (SNI)."""

from collections.abc import Iterator

from reconciler.aws.reads import Reads
from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, ErrorMatches, Step
from reconciler.resources import elb
from reconciler.resources.elb_forward import LISTENER_NOT_FOUND
from reconciler.resources.listener.spec import Listener

# As for the default certificate (terraform-provider-aws#41789); a new listener is not shown at once.
NOT_YET = (
    ErrorMatch("CertificateNotFound", patience=30),
    ErrorMatch("UnsupportedCertificate", patience=30),
)
GONE = ("CertificateNotFound",)
PATIENCE = 300  # seconds
SECURE = ("HTTPS", "TLS")  # protocols with certificates


def read_certificates(reads: Reads, name: str, arn: str) -> frozenset[str] | None:
    """Return the ARNs in the list of a listener; None, without a question, if the file leaves the list open.

    The default certificate is told besides, also if it is in the list as well (ELBv2 API reference).
    """
    want = reads.desired.of(Listener).get(name)
    if want is None or want.certificates is None:
        return None
    path = "Certificates[?IsDefault != `true`].CertificateArn"
    answer = reads.pages("elbv2", "describe_listener_certificates", path, elb.NOTHING_TO_LIST, ListenerArn=arn)
    return frozenset(answer)


def add_certificates(want: Listener, live: Live[Listener] | None) -> Iterator[Step]:
    """Yield a call for each certificate that the list lacks: AWS takes one a call, also if it is there."""
    has = _list_of(want, live)
    for certificate in sorted((want.certificates or frozenset()) - has):
        not_yet = (*NOT_YET, *if_new(LISTENER_NOT_FOUND, want.ref()))
        yield _call("add_listener_certificates", want.ref(), certificate, not_yet)


def remove_certificates(want: Listener, live: Live[Listener]) -> Iterator[Step]:
    """Yield a call for each certificate that is to leave the list, once another one answers for its names."""
    if want.certificates is not None:
        for certificate in sorted(_list_of(want, live) - want.certificates):
            yield _call("remove_listener_certificates", want.ref(), certificate, ())


def _list_of(want: Listener, live: Live[Listener] | None) -> frozenset[str]:
    """Return what is in the list; nothing of a listener that changes its protocol, as it loses all of it."""
    kept = live and live.spec.protocol == want.protocol and want.protocol in SECURE
    return live.spec.certificates or frozenset() if live and kept else frozenset()


def _call(operation: str, listener: Ref, certificate: str, not_yet: ErrorMatches) -> Call:
    params = {"ListenerArn": listener, "Certificates": [{"CertificateArn": certificate}]}
    ignore = GONE if operation.startswith("remove") else ()
    return Call("elbv2", operation, params, ignore=ignore, retry=not_yet, patience=PATIENCE)
